// A message as the log of a mail server tells of it to the engine, and what other servers said of it.

import type { ListenerKind } from './step.ts'
import type { ResultClass } from './result-class.ts'

export type HeardMail = {
  /** As that server calls it (Postfix's queue id). */
  readonly id: string
  /** ms since 1970: when it was handed in, or where the log's zone is not known, when the line was read. */
  readonly at: number
  /** Whether that is when it was: without it no lease says whose the address was. */
  readonly zoneKnown: boolean
  readonly listener: ListenerKind
  readonly realm: string
  readonly address: string
  readonly login?: string
  readonly sender: string
  /** As far as they were tried. */
  readonly recipients: readonly string[]
  readonly recipientCount: number
  readonly size?: number
  /** Only what becomes of messages that a door was asked about is wanted. */
  readonly resultsOnly?: true
}

export type HeardAnswer = {
  readonly recipient: string
  readonly at: number
  readonly relay: string
  /** The relay is an exchanger of the recipient's own domain, or a mailbox of that server; of any other it is not known: a smart host takes everything. */
  readonly isOwnExchanger: boolean
  /** Absent: it was taken. */
  readonly refused?: { readonly result: ResultClass; readonly code: number; readonly words: string }
}
