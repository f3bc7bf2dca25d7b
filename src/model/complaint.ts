// A report from outside that came in, with what was found out: which mail or line of ours it is about, and how that is known.

import type { FeedbackFormat, FeedbackKind, UnreadFeedback } from './feedback.ts'

/** How it is known whom a complaint is about, the surest first; `unknown`: it is only counted. */
export const TRACED_BY = ['reference', 'queue-id', 'message-id', 'lease', 'unknown'] as const
export type TracedBy = (typeof TRACED_BY)[number]

/** Why a complaint about a customer is no evidence. */
export const NO_EVIDENCE = [
  /** Not abuse, fraud or a virus. */
  'other-kind',
  /** Its reporter is not proven: an outsider may have written it. */
  'not-proven',
  /** Only the line is known, and the reporter is no feedback loop of ours. */
  'no-message',
  /** The message went to no address of the reporter. */
  'not-received',
  /** The message was an answer: its recipient has led to it. */
  'answer',
  /** No message of such senders is evidence. */
  'exempt',
  /** The same reporter complained of the same customer in the last 30 days. */
  'told-before',
  /** As many reporters did as may count. */
  'enough',
] as const
export type NoEvidence = (typeof NO_EVIDENCE)[number]

export type Complaint = {
  /** Queue id of the mail that brought it, or a name of its own where it was imported. */
  readonly id: string
  /** When it came, in ms. */
  readonly at: number
  /** Domain of the reporter, where DMARC passed or staff say so. Without it an outsider may have written anything. */
  readonly reporter?: string
  readonly format?: FeedbackFormat
  readonly complaint?: FeedbackKind
  readonly unread?: UnreadFeedback['unread']
  readonly tracedBy: TracedBy
  /** Queue id of the reported message. */
  readonly message?: string
  readonly login?: string
  readonly subscriber?: string
  /** As it was reported. */
  readonly address?: string
  readonly port?: number
  readonly arrivedAt?: number
  /** It is evidence, in this share of a complaint's nats: above 0, at most 1. */
  readonly trust?: number
  /** Of one about a customer that is none. */
  readonly noEvidence?: NoEvidence
  /** When staff found it unfounded. */
  readonly dismissedAt?: number
}
