// What a client does that no mail server does: worth noticing, and no more than that.

export const PROTOCOL_VIOLATIONS = [
  /** Talks before it is greeted. */
  'early-talk',
  /** Talks on where it must wait for an answer (RFC 2920 §3.1), or where it was not told that it need not. */
  'pipelining',
  /** Commands that begin with X, which were never offered here. */
  'private-verb',
  /** Greets again under another name. */
  'helo-change',
  /** Ends lines otherwise than with CR LF. */
  'bare-newline',
  /** Speaks HTTP: a browser that was sent here, or a bot that goes through an open proxy. */
  'not-smtp',
] as const
export type ProtocolViolation = (typeof PROTOCOL_VIOLATIONS)[number]

/** What others bring about: a form passes on the line ends that a visitor types, a program fetches `http://mail.isp.example:25/` for a stranger. */
const BY_OTHERS: ReadonlySet<string> = new Set<ProtocolViolation>(['bare-newline', 'not-smtp'])

/** A program that speaks HTTP also talks before it is greeted, and ends lines as it likes. */
export const maybeByOthers = (signs: readonly string[]): boolean =>
  signs.includes('not-smtp') || signs.every(sign => BY_OTHERS.has(sign))
