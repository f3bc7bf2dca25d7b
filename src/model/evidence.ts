// Evidence: what one unit says, in nats, for "infected" (a line) or "in strange hands" (a login).

/** The subject of a sum. A line is a household's connection; a login is a mail account. */
export type Subject = `line:${string}` | `login:${string}`

/** Independent kinds of observation: two different ones must agree before anything is isolated. */
export const EVIDENCE_KINDS = [
  'content',
  'recipients',
  /** Other servers know no such user. */
  'results',
  /** Other servers take it for spam. */
  'refusals',
  'network',
  'authentication',
  'volume',
  'reports',
] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** A filter, other servers, or people took mail for spam. Without that no customer is told that they send it. */
export const saysSpam = (kinds: readonly EvidenceKind[]): boolean =>
  kinds.some(kind => kind === 'content' || kind === 'refusals' || kind === 'reports')

export type Unit = {
  /** Idempotency: the same unit told twice counts once. Later results of it have their own id. */
  readonly id: string
  readonly subject: Subject
  readonly at: number
  /** ln(P1/P0), already capped, never negative. */
  readonly nats: number
  /** None where an outsider may have brought it about: it raises the sum, and confirms and proves nothing. */
  readonly kinds: readonly EvidenceKind[]
  /** The cell of the table it was read from: `message/spam/mostly-new`. */
  readonly cell: string
  /** One line for people: what was seen. */
  readonly why: string
  /** For staff to look it up; its owner is not told: which trap it was, in which message. */
  readonly forStaff?: string
  /** It raises a sum to where mail waits, and no further: an outsider can bring about as much of it as they like. */
  readonly onlyHolds?: true
  /**
   * An event after which there is no reasonable doubt. `in-probation`: only for a subject that was found infected lately.
   * `with-another-kind`: an outsider may have brought it about, so only together with evidence of another kind.
   * `of-consumers`: alone for consumers; for all others only together with evidence of another kind: their mail servers go where an
   * outsider's MX leads them.
   */
  readonly nearCertain?: 'always' | 'in-probation' | 'with-another-kind' | 'of-consumers'
}

/** A unit with what it did to its sum: a row of `cordon evidence`. */
export type LedgerRow = Unit & {
  readonly sum: number
  /** What time had taken off since the row before. */
  readonly forgotten: number
  readonly incident?: string
}

/** All of it, for staff. */
export const staffWords = ({ why, forStaff }: Pick<Unit, 'why' | 'forStaff'>): string =>
  forStaff === undefined ? why : `${why}: ${forStaff}`

export const lineOf = (subscriber: string): Subject => `line:${subscriber}`
export const loginOf = (login: string): Subject => `login:${login}`

/** The part after the colon. */
export const subjectName = (subject: Subject): string => subject.slice(subject.indexOf(':') + 1)
export const isLine = (subject: Subject): boolean => subject.startsWith('line:')

/** Whether it may be a login of another mail server beside us, though no list of ours has it: doors tell of logins as addresses. */
export const maybeElsewhere = (subject: Subject): boolean =>
  !isLine(subject) && subjectName(subject).includes('@')
