// Lines of at most 998 octets (RFC 5321 §4.5.3.1.6) for another server, as a message is sent: a longer one is folded, as Postfix's smtp(8)
// and lmtp(8) do (smtp_line_length_limit). In the queue and in mailboxes mail stays as it came. Folded at white space where there is some
// near the end of the line, so that a field says the same and a signature of it holds; else by CR LF and a space, where no character is cut
// (fold-place.ts). One pass; at most one line of 998 octets is kept.

import { type Fold, type FoldPlace, foldPlace } from './fold-place.ts'

const [CR, LF] = [0x0d, 0x0a]
/** Octets of a line that are sent as they are. */
export const MAX_LINE = 998
const NOTHING = Buffer.alloc(0)

/** `ours`: as Cordon sends it. `postfix`: as the Postfix sends it that asks Cordon by milter: at the limit, whatever stands there. */
export type FoldWay = 'ours' | 'postfix'

export async function* withShortLines(
  body: AsyncIterable<Uint8Array>,
  way: FoldWay = 'ours',
): AsyncGenerator<Uint8Array> {
  const lines = new LongLines(way)
  for await (const chunk of body) {
    const bytes = lines.push(chunk)
    if (bytes.length > 0) yield bytes
  }
  const last = lines.end()
  if (last.length > 0) yield last
}

export class LongLines {
  readonly #place: typeof foldPlace
  /** A line whose end has not come yet. */
  #begun: Buffer = NOTHING
  /** Octets that a fold has put in front of it, and the character set that it goes on in. */
  #put: FoldPlace = { length: 0 }

  constructor(way: FoldWay = 'ours') {
    this.#place = way === 'ours' ? foldPlace : atTheLimit
  }

  /** Lines end in CR LF and in nothing else. */
  push(chunk: Uint8Array): Uint8Array {
    const given = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    return this.#folded(this.#begun.length === 0 ? given : Buffer.concat([this.#begun, given]), 1)
  }

  /** After the last chunk. */
  end(): Uint8Array {
    const rest = this.#folded(this.#begun, 0)
    return this.#begun.length === 0 ? rest : Buffer.concat([rest, this.#begun])
  }

  /** `more`: so many octets over the limit a line may be while its end has not come: the CR of it. */
  #folded(all: Buffer, more: 0 | 1): Uint8Array {
    const out: Uint8Array[] = []
    let from = 0
    let at = 0
    while (at < all.length) {
      const room = MAX_LINE - this.#put.length
      // With the ends of several lines in it, each of them is short enough.
      const end = all.subarray(at, at + room + 2).lastIndexOf(LF)
      if (end >= 0) {
        at += end + 1
        this.#put = { length: 0 }
        continue
      }
      if (all.length - at <= room + more) break
      const fold: Fold = this.#place(all, { from: at, room, shift: this.#put.shift })
      out.push(all.subarray(from, fold.at), fold.put)
      this.#put = fold.next
      from = at = fold.at
    }
    this.#begun = Buffer.from(all.subarray(at))
    const rest = all.subarray(from, at)
    return out.length === 0 ? rest : Buffer.concat([...out, rest])
  }
}

/** Between any two octets (smtp_text_out of Postfix). */
const atTheLimit: typeof foldPlace = (_, { from, room }) => ({
  at: from + room,
  put: Buffer.from('\r\n '),
  next: { length: 1 },
})

/** Whether any line of a message is over the limit, piece by piece. */
export class LineLengths {
  /** Octets of a line whose end has not come yet. */
  #begun = 0
  #last = 0
  #areLong = false

  get areLong(): boolean {
    return this.#areLong
  }

  push(chunk: Uint8Array): void {
    let start = -this.#begun
    while (!this.#areLong && chunk.length - start > 0) {
      const from = Math.max(0, start)
      // With the ends of several lines in it, each of them is short enough. CR and LF are not counted.
      const end = chunk.subarray(from, start + MAX_LINE + 2).lastIndexOf(LF)
      if (end >= 0) start = from + end + 1
      else if (chunk.length - start >= MAX_LINE + 2) this.#areLong = true
      else break
    }
    this.#begun = chunk.length - start
    this.#last = chunk.at(-1) ?? this.#last
  }

  /** After the last chunk: a line that has no end. */
  end(): void {
    this.#areLong ||= this.#begun > MAX_LINE && this.#last !== CR
  }
}
