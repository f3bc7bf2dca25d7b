// The customer's second factor: a program or device that shows a new code every half minute (TOTP).

export interface SecondFactors {
  has(subscriber: string): boolean
  /** A new secret (base32), good when a first code has been typed; undefined when there is a factor already. */
  begin(subscriber: string): string | undefined
  /** The first code: from now on it is asked for. */
  confirm(subscriber: string, code: string, at: number): Promise<boolean>
  /**
   * Each code is good once. `wait`: too many were wrong. Attempts from where the customer sits are counted apart: a client elsewhere that
   * has the password must not lock its owner out.
   */
  check(
    subscriber: string,
    code: string,
    typed: { readonly at: number; readonly where: 'own' | 'elsewhere' },
  ): Promise<'right' | 'wrong' | 'wait'>
  remove(subscriber: string): Promise<void>
}
