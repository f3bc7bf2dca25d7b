// What an opaque S/MIME message holds (RFC 8551 §3.5.2, RFC 5652): mail programs show the parts of what is only signed as if they stood
// there. A bounded walk over BER down to that content; nothing is verified here.

/** `content`: MIME. `locked`: it is encrypted. `unread`: neither could be told. */
export type CmsContent = { readonly content: Buffer } | 'locked' | 'unread'

const [SEQUENCE, OBJECT_ID, OCTETS, CONTEXT_0, CONSTRUCTED] = [0x30, 0x06, 0x04, 0xa0, 0x20]
const SIGNED = '2a864886f70d010702'
/** Object identifiers of envelopedData, encryptedData and authEnvelopedData. */
const LOCKED = new Set(['2a864886f70d010703', '2a864886f70d010706', '2a864886f70d0109100117'])
/** Elements of one message, pieces of its content among them: programs write it in pieces of some KiB. With more it is unread. */
const MOST_ELEMENTS = 40_000
const MAX_DEPTH = 4

/** `to`: without the end marks of an indefinite length. `next`: behind them. */
type Element = {
  readonly tag: number
  readonly from: number
  readonly to: number
  readonly next: number
}

export function cmsContent(bytes: Buffer): CmsContent {
  const reader = new Reader(bytes)
  try {
    const [kind, body] = reader.inside(reader.at(0, bytes.length), SEQUENCE, 2)
    const oid = reader.hex(kind)
    if (LOCKED.has(oid)) return 'locked'
    if (oid !== SIGNED) return 'unread'
    const [signed] = reader.inside(body, CONTEXT_0, 1)
    const [, , encapsulated] = reader.inside(signed, SEQUENCE, 3)
    const [, wrapped] = reader.inside(encapsulated, SEQUENCE, 2)
    const [octets] = reader.inside(wrapped, CONTEXT_0, 1)
    return { content: Buffer.concat(reader.octets(octets, 0)) }
  } catch (error) {
    if (error instanceof NotBer) return 'unread'
    throw error
  }
}

class NotBer extends Error {}

class Reader {
  readonly #bytes: Buffer
  #elements = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** The first `most` elements of this tag inside `element`, or all; a missing one ends the walk. */
  inside(
    element: Element | undefined,
    tag: number,
    most = Number.POSITIVE_INFINITY,
  ): readonly Element[] {
    if (element?.tag !== tag) throw new NotBer()
    const found: Element[] = []
    for (let at = element.from; found.length < most && at < element.to; ) {
      const one = this.at(at, element.to)
      if (one.tag === 0) break
      found.push(one)
      at = one.next
    }
    return found
  }

  hex(element: Element | undefined): string {
    if (element?.tag !== OBJECT_ID) throw new NotBer()
    return this.#bytes.toString('hex', element.from, Math.min(element.to, element.from + 20))
  }

  /** A string of bytes, in one piece or in several. */
  octets(element: Element | undefined, depth: number): readonly Buffer[] {
    if (element?.tag === OCTETS) return [this.#bytes.subarray(element.from, element.to)]
    if (element?.tag !== (OCTETS | CONSTRUCTED) || depth > MAX_DEPTH) throw new NotBer()
    return this.inside(element, element.tag).flatMap(one => this.octets(one, depth + 1))
  }

  at(from: number, end: number, depth = 0): Element {
    if (++this.#elements > MOST_ELEMENTS || depth > 20 || from + 2 > end) throw new NotBer()
    const tag = this.#bytes[from] as number
    const first = this.#bytes[from + 1] as number
    if (first === 0x80) return this.#indefinite(tag, from + 2, { end, depth })
    const octets = first < 0x80 ? 0 : first & 0x7f
    if (octets > 4 || from + 2 + octets > end) throw new NotBer()
    const length = octets === 0 ? first : this.#bytes.readUIntBE(from + 2, octets)
    const begin = from + 2 + octets
    // What was cut short is read as far as it goes.
    const to = Math.min(end, begin + length)
    return { tag, from: begin, to, next: to }
  }

  /** Two zeros end it, behind elements that are stepped over. */
  #indefinite(
    tag: number,
    from: number,
    { end, depth }: { readonly end: number; readonly depth: number },
  ): Element {
    let at = from
    while (at + 2 <= end) {
      if (this.#bytes[at] === 0 && this.#bytes[at + 1] === 0)
        return { tag, from, to: at, next: at + 2 }
      at = this.at(at, end, depth + 1).next
    }
    return { tag, from, to: end, next: end }
  }
}
