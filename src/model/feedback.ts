// What a report from outside says about mail, or traffic, that came from us (RFC 5965, XARF, mail that is forwarded to us with its
// header). Every value was written by an outsider: it says what to look up, and proves nothing.

/** RFC 5965 §7.3 and RFC 6591; what is none of these is `other`. */
export const FEEDBACK_KINDS = [
  'abuse',
  'fraud',
  'virus',
  'not-spam',
  'auth-failure',
  'opt-out',
  'other',
] as const
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number]

export type FeedbackFormat = 'arf' | 'xarf' | 'forwarded'

export type Feedback = {
  readonly format: FeedbackFormat
  readonly kind: FeedbackKind
  /** Domain of the organisation that reports, as the report itself says (XARF). */
  readonly reporter?: string
  /** Where the mail came from, in canonical form, and its port. */
  readonly address?: string
  readonly port?: number
  /** When the mail arrived there, in ms. */
  readonly arrivedAt?: number
  /** Values of X-Cordon-Ref, at most five. */
  readonly references: readonly string[]
  /** Queue ids from Received lines in our name, at most five. */
  readonly queueIds: readonly string[]
  /** Of the reported message, without brackets. */
  readonly messageId?: string
  /** As they stand there; a reporter may have hidden them. At most 20. */
  readonly recipients: readonly string[]
  readonly reportedDomain?: string
  /** So many alike are reported at once (RFC 5965 §3.2), at least 1. */
  readonly incidents: number
}

/** Why a report could not be read: it is counted, and looked at by a person. It is never taken for "no complaint". */
export const UNREAD_FEEDBACK = ['no-report', 'no-original', 'damaged', 'too-much'] as const
export type UnreadFeedback = { readonly unread: (typeof UNREAD_FEEDBACK)[number] }
