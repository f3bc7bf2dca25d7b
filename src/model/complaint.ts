// A report from outside that came in, with what was found out: which mail or line of ours it is about, and how that is known.

import type { FeedbackFormat, FeedbackKind, UnreadFeedback } from './feedback.ts'

/** How it is known whom a complaint is about, the surest first; `unknown`: it is only counted. */
export const TRACED_BY = ['queue-id', 'message-id', 'lease', 'unknown'] as const
export type TracedBy = (typeof TRACED_BY)[number]

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
}
