// What one check of `cordon setup`, or `cordon doctor`, says.

export type Check = {
  readonly what: string
  /** `note`: it need not be changed. `unknown`: it could not be asked. */
  readonly state: 'good' | 'note' | 'missing' | 'unknown'
  /** One line. */
  readonly said: string
  /** The line that mends it. */
  readonly write?: string
  /** It must be mended before Cordon is started. */
  readonly must?: true
}

export const checkLines = ({ what, state, said, write }: Check): readonly string[] => [
  `  ${state.padEnd(9)}${what}: ${said}`,
  ...(state === 'good' || write === undefined ? [] : [`           write: ${write}`]),
]
