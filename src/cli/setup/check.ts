// What one check of `cordon setup` says.

export type Check = {
  readonly what: string
  /** `unknown`: it could not be asked. */
  readonly state: 'good' | 'missing' | 'unknown'
  /** One line. */
  readonly said: string
  /** The line that mends it. */
  readonly write?: string
  /** It must be mended before Cordon is started. */
  readonly must?: true
}
