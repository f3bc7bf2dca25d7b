// A password for one mail program: made by us, shown once, good for what it is for and for nothing else, and taken
// back alone when that device is lost.

/** `send`: hand in mail. `read`: IMAP and POP3. */
export const SCOPES = ['send', 'read'] as const
export type Scope = (typeof SCOPES)[number]

export type AppPassword = {
  readonly id: string
  readonly subscriber: string
  readonly login: string
  /** What the owner calls it. */
  readonly label: string
  readonly scopes: readonly Scope[]
  readonly at: number
  /** The day it was last used, as a time; known to the day only. */
  readonly lastUsed?: number
}
