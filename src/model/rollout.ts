// Closing port 25 for a network that has it open, in parts, at a date that was told: what was seen, and what was done.

export type RolloutPart = {
  readonly name: string
  readonly prefixes: readonly string[]
  /** From then on it may be closed. */
  readonly date: number
}

/** The servers that one customer reached on port 25 lately. */
export type Port25Use = {
  /** The customer. */
  readonly id: string
  /** Newest first; bounded. */
  readonly destinations: readonly { readonly address: string; readonly days: readonly number[] }[]
  /** There were more than are kept. */
  readonly more: boolean
  /** Different servers in the busiest ten minutes. */
  readonly fanOut: number
}

/** What it is used for, as far as that can be seen from outside. */
export type UseKind = 'another-server' | 'own-server' | 'looks-infected'

/** A day on which something was watching, and for how many minutes. */
export type Coverage = { readonly id: string; readonly minutes: number }

/** What was done about one part. */
export type RolloutState = {
  readonly id: string
  readonly announcedAt?: number
  readonly remindedAt?: number
  /** Customers who were written to. */
  readonly told: readonly string[]
  readonly startedAt?: number
}
