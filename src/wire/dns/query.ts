// A question of the DNS as it comes in a packet (RFC 1035 §4.1, EDNS: RFC 6891): where its labels are, what it asks, and how long an answer
// may be. One object is used again for every packet, and nothing is copied: this is the hot path. It looks at the header, the question and
// four records behind it, at each byte once; a name in a question is at most 255 octets and has no pointers.

/** What to do with the packet: no answer at all, an answer with this code, or go on. */
export const DROP = -1
export const RCODE = {
  noError: 0,
  formErr: 1,
  nxDomain: 3,
  notImp: 4,
  refused: 5,
  badVers: 16,
} as const

export const TYPE = {
  a: 1,
  ns: 2,
  soa: 6,
  txt: 16,
  opt: 41,
  ixfr: 251,
  axfr: 252,
  any: 255,
} as const
export const CLASS_IN = 1

export const HEADER = 12
/** RFC 1035 §2.3.4, with the zero at its end. */
const MAX_NAME = 255
/** Octets of a name that has one octet in each label. */
const MAX_LABELS = 128
/** Records behind the question: OPT, TSIG, and two more. */
const MAX_MORE = 4
/** RFC 1035 §4.2.1: what every client takes. */
const LEAST_SIZE = 512
const RECORD = 10

export class Query {
  /** Where each label begins (its length octet), the first one of the name first. */
  readonly labels = new Uint16Array(MAX_LABELS)
  count = 0
  /** Behind the question. */
  end = 0
  type = 0
  class = 0
  hasEdns = false
  /** DNSSEC OK: given back (RFC 3225 §3). */
  dnssecOk = false
  /** Octets of UDP that the client takes. */
  size = LEAST_SIZE

  /** `DROP`, or a code of `RCODE`; only with `noError` there is a question to answer. */
  read(bytes: Uint8Array, length: number): number {
    this.count = 0
    this.end = 0
    this.hasEdns = false
    this.dnssecOk = false
    this.size = LEAST_SIZE
    if (length < HEADER) return DROP
    const flags = bytes[2] ?? 0
    // An answer, perhaps one of our own that came back: answering it would never end.
    if ((flags & 0x80) !== 0) return DROP
    if ((flags & 0x78) !== 0) return RCODE.notImp
    if (two(bytes, 4) !== 1 || two(bytes, 6) !== 0 || two(bytes, 8) !== 0) return RCODE.formErr
    if (!this.#readQuestion(bytes, length)) return DROP
    return this.#readMore(bytes, length)
  }

  #readQuestion(bytes: Uint8Array, length: number): boolean {
    let at = HEADER
    for (;;) {
      const octets = at < length ? (bytes[at] ?? 0) : 64
      if (octets === 0) break
      // A pointer, or a type of label that was given up (RFC 6891 §5).
      if (octets > 63) return false
      this.labels[this.count++] = at
      at += octets + 1
      if (at - HEADER >= MAX_NAME) return false
    }
    if (at + 5 > length) return false
    this.type = two(bytes, at + 1)
    this.class = two(bytes, at + 3)
    this.end = at + 5
    return true
  }

  #readMore(bytes: Uint8Array, length: number): number {
    const more = two(bytes, 10)
    if (more > MAX_MORE) return RCODE.formErr
    let at = this.end
    for (let i = 0; i < more; i++) {
      const start = at
      at = behindName(bytes, at, length)
      if (at < 0 || at + RECORD > length) return RCODE.formErr
      const type = two(bytes, at)
      if (type === TYPE.opt) {
        // RFC 6891 §6.1.1: one, and its name is the root.
        if (this.hasEdns || bytes[start] !== 0) return RCODE.formErr
        this.hasEdns = true
        this.size = Math.max(LEAST_SIZE, two(bytes, at + 2))
        this.dnssecOk = ((bytes[at + 6] ?? 0) & 0x80) !== 0
        if ((bytes[at + 5] ?? 0) !== 0) return RCODE.badVers
      }
      at += RECORD + two(bytes, at + 8)
      if (at > length) return RCODE.formErr
    }
    return RCODE.noError
  }
}

/** Where what follows a name begins; -1 where the packet ends before. */
function behindName(bytes: Uint8Array, from: number, length: number): number {
  let at = from
  while (at < length && at - from < MAX_NAME) {
    const octets = bytes[at] ?? 0
    if (octets === 0) return at + 1
    if (octets >= 0xc0) return at + 2
    if (octets > 63) return -1
    at += octets + 1
  }
  return -1
}

const two = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
