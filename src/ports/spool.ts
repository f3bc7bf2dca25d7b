// Mail we have accepted and must not lose: until it is delivered, bounced, released or purged.

import { DAY } from '../model/duration.ts'
import type { WindowBucket } from '../model/episode.ts'
import type { Subject } from '../model/evidence.ts'
import type { MessageFacts } from '../model/message-facts.ts'
import type { ResultClass } from '../model/result-class.ts'
import type { RecipientParameters, EsmtpParameters } from '../model/esmtp-parameters.ts'

/** Names of messages that are to be taken once are remembered so long, in ms. */
export const ONCE_KEPT = 30 * DAY

/** `paced`: it waits for the window of its sender (docs/evidence.md), and goes by itself. */
export const RECIPIENT_STATES = ['queued', 'held', 'paced'] as const
export type RecipientState = (typeof RECIPIENT_STATES)[number]

/** Whose tokens it takes when it leaves, and of which bucket. */
export type WindowPlace = { readonly payer: Subject; readonly bucket: WindowBucket }

export type SpooledRecipient = {
  readonly address: string
  readonly state: RecipientState
  /** When to try next (queued), when it is looked at again (held), or about when it leaves (paced). */
  readonly due: number
  readonly why?: string
  readonly esmtp?: RecipientParameters
  /** Of what is paced, and of what is held and paced then. */
  readonly window?: WindowPlace
}

export type SpooledMessage = {
  readonly message: string
  readonly at: number
  readonly sender: string
  readonly login?: string
  readonly subscriber?: string
  /** Given up after this and reported to a local sender. */
  readonly expires: number
  /** Trace and repair headers, put before the body as it came. */
  readonly headers: string
  readonly subject: string
  readonly facts?: MessageFacts
  /** What this message said for infection when it was taken, in nats: what a purge selects by. */
  readonly nats: number
  /** May a failure be told to the sender? Only local, trusted or verified ones (no backscatter). */
  readonly bounceable: boolean
  /** A message with such a name that was taken before is not taken again (ONCE_KEPT); the commit resolves all the same. */
  readonly once?: string
  /** What the sender asked for, beside what is with each recipient. */
  readonly esmtp?: Omit<EsmtpParameters, 'recipients'>
  readonly recipients: readonly SpooledRecipient[]
}

export interface SpoolDraft {
  /** Resolves when more may be written. */
  write(chunk: Uint8Array): Promise<void>
  /** What has been written so far, once every write has resolved. */
  read(): AsyncIterable<Uint8Array>
  /** Resolves when the message is on disk: only then may a client be told 250. */
  commit(message: SpooledMessage): Promise<void>
  abort(): Promise<void>
}

/** One message for some of its recipients, lent to a delivery until `leaseUntil`. */
export type Claim = Omit<SpooledMessage, 'recipients'> & {
  readonly size: number
  readonly recipients: readonly {
    readonly id: number
    readonly address: string
    readonly attempts: number
    readonly esmtp?: RecipientParameters
    /** The sender was told that it takes long. */
    readonly warned: boolean
  }[]
}

export type Settlement = {
  readonly recipient: number
  /** `retry` counts as an attempt, `later` does not: no server was asked. */
  readonly outcome: 'done' | 'failed' | 'retry' | 'later'
  readonly nextAttempt?: number
  /** With `retry`: the sender was told that it takes long. */
  readonly warned?: true
  readonly answer?: string
  readonly result?: ResultClass
}

export type QueueRow = {
  readonly message: string
  readonly recipient: string
  readonly sender: string
  readonly subject: string
  readonly login?: string
  readonly subscriber?: string
  readonly state: RecipientState | 'active'
  readonly at: number
  readonly due: number
  readonly attempts: number
  readonly why?: string
  /** What it waits for in the window, or will when it is not held any more. */
  readonly bucket?: WindowBucket
  /** Whose window that is. */
  readonly payer?: Subject
  readonly nats: number
  readonly expires: number
  /** A scanner has read it, and found it clean. */
  readonly clean?: true
  /** It was taken for spam. */
  readonly spam?: true
  /** It was taken for spam, and answers mail that no authentication vouches for. */
  readonly ledSpam?: true
  /** Another server keeps it, under this name: Postfix's queue id. It is one row, however many recipients it has. */
  readonly keptAs?: string
  /** Of what another server keeps: how many there are, `recipient` among them where that server named them. */
  readonly recipients?: number
  /** Of what another server keeps: a local program handed it in there, and it is no customer's. */
  readonly local?: true
  /** Of what another server keeps: its sender was told that it is not delivered, and it is still to be deleted there. */
  readonly told?: true
}

/** The recipients of one message that wait for the window together. */
export type PacedPart = Pick<
  SpooledMessage,
  | 'message'
  | 'at'
  | 'sender'
  | 'login'
  | 'subscriber'
  | 'subject'
  | 'expires'
  | 'nats'
  | 'bounceable'
  | 'facts'
> &
  WindowPlace & {
    readonly recipients: number
    readonly due: number
    /** Of the same sender in the same bucket, itself included: messages and recipients that wait, and recipients up to it. */
    readonly messagesWaiting: number
    readonly recipientsWaiting: number
    readonly recipientsBefore: number
    /** Another server keeps it, under this name; it goes with the last of its recipients. */
    readonly keptAs?: string
  }

export type QueueTotal = {
  readonly state: RecipientState
  readonly recipients: number
  readonly since: number
}

export type QueueFilter = {
  readonly message?: string
  readonly login?: string
  readonly subscriber?: string
  /** One of these, where it is a list. */
  readonly state?: RecipientState | readonly RecipientState[]
  readonly bucket?: WindowBucket
  /** Held, and its second look is due. */
  readonly dueBefore?: number
  /** Only what waits for a case. */
  readonly forEvidence?: true
  /** Only messages that said at least this for infection. */
  readonly minNats?: number
  /** Of a change: so many recipients at most, as the sender named them. */
  readonly first?: number
  /** Of a list: rows at most, 1000 without it. */
  readonly limit?: number
  /** Of a list: only what stands behind this one. */
  readonly after?: Pick<QueueRow, 'due' | 'message' | 'recipient'>
}

export type QueueChange =
  /** `header`: complete fields to put in front of the message. `byWindow`: what has a place in the window is paced. */
  | {
      readonly to: 'queued'
      readonly due: number
      readonly header?: string
      readonly byWindow?: true
    }
  | { readonly to: 'paced'; readonly due: number }
  /** `told`: its sender was told that it is not delivered. */
  | { readonly to: 'held'; readonly due: number; readonly why: string; readonly told?: true }
  | { readonly to: 'gone' }

export interface Spool {
  open(): SpoolDraft
  /** Takes up to `max` recipients that are due, oldest first, and lends them to the caller for `leaseMs`. */
  claim(at: number, max: number, leaseMs: number): Promise<readonly Claim[]>
  /** The message as it will be sent, headers first. Rejects when it is gone or damaged. */
  body(message: string): Promise<AsyncIterable<Uint8Array>>
  settle(results: readonly Settlement[]): Promise<void>
  /** In the order in which they are due. */
  list(filter: QueueFilter): Promise<readonly QueueRow[]>
  /** What is paced of one sender, as it came: `most` parts of each bucket. */
  paced(payer: Subject, most: number): Promise<readonly PacedPart[]>
  /** The senders of what is paced. */
  payers(): Promise<readonly Subject[]>
  /** How many recipients wait in each state, and since when the oldest of them. */
  totals(): Promise<readonly QueueTotal[]>
  /** Changes all recipients the filter selects, and returns them. */
  change(filter: QueueFilter, change: QueueChange): Promise<readonly QueueRow[]>
  /** When the next queued recipient after `after` is due; undefined when none is. */
  nextDue(after: number): Promise<number | undefined>
  /** Makes everything that waits for its next try, or only what waits beyond `after`, due at `at`. Returns how many recipients. */
  flush(at: number, after?: number): Promise<number>
  /** Called whenever something may have become due; `flushed` when an operator wants all of it tried whatever was before. */
  onDue(wake: (flushed: boolean) => void): void
  close(): Promise<void>
}
