// What the answers of our own list mean: 127.0.0.CODE (RFC 5782 §2.3), and the parts of its zone.

/** `infected.ZONE`, `consumers.ZONE` and `domains.ZONE`. */
export const LIST_PARTS = ['infected', 'consumers', 'domains'] as const
export type ListPart = (typeof LIST_PARTS)[number]

export const LIST_CODES = {
  /** A line that sends to port 25 what its owner does not know of. */
  infected: 2,
  /** A line that is isolated. */
  isolated: 4,
  /** A line of a consumer, which has no mail server: as a provider tells a policy block list. */
  consumer: 10,
  /** A domain whose SPF record lets too many hosts send for it. */
  'rogue-domain': 16,
} as const
/** Of an entry that is not listed, in a wider one that is. */
export const SPARED = 0

export type ListClass = keyof typeof LIST_CODES

export const classOf = (code: number): ListClass | undefined =>
  (Object.keys(LIST_CODES) as ListClass[]).find(name => LIST_CODES[name] === code)
