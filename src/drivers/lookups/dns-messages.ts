// What the engine's thread and the one that asks the DNS say to each other. Both send what came together in one turn of their loop as one message.

import { PATIENCE } from './node-resolver.ts'

/** With what the thread is started. */
export type DnsStart = {
  /** `address` or `address:port`; the system's own when empty. */
  readonly servers: readonly string[]
}

export type PostedQuestion = {
  readonly n: number
  /** Legal (query-name.ts). */
  readonly name: string
  readonly type: string
}

/** The first of what was found, or how node:dns calls the failure. */
export type PostedAnswer = { readonly n: number } & (
  | { readonly found: readonly unknown[] }
  | { readonly code: string }
)

/** To the engine's thread. */
export type FromDnsThread = 'ready' | readonly PostedAnswer[]

/** ms from a question to the moment when it has no answer: two attempts, of which the second waits twice as long, and any waiting for a turn. */
export const ANSWERED_WITHIN = 3 * PATIENCE
