// One message as the log of a mail server tells of it. Nothing is known of its content.

import type { ResultClass } from './result-class.ts'

/**
 * The sender of a message, as far as the server knows it itself: a login, a local user, or else the client's address. `unsure`: the line names
 * it, and a stranger could have written the line so. `line`: a customer, whose address it was then.
 */
export type LoggedSender =
  | { readonly kind: 'login' | 'user' | 'unsure' | 'line'; readonly name: string }
  | { readonly kind: 'address'; readonly name: string }

export type LoggedAnswer = {
  readonly recipient: string
  readonly outcome: 'sent' | 'bounced' | 'deferred'
  readonly local: boolean
  /** Name of the other server. */
  readonly relay?: string
  /** Of a bounce. */
  readonly result?: ResultClass
  readonly code?: number
  readonly words?: string
}

export type LoggedMail = {
  /** ms since 1970. */
  readonly at: number
  readonly id: string
  readonly who: LoggedSender
  /** Of the client; absent for mail that a local user handed in. */
  readonly address?: string
  readonly sender: string
  readonly size?: number
  /** As many as the server counted, at least those that it has tried so far. */
  readonly recipients: number
  readonly answers: readonly LoggedAnswer[]
}
