// Lines of at most 998 octets (RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1), as the bytes stream by: a longer one is folded by CR LF and a space, as
// Postfix does when it delivers (smtp_line_length_limit). Done here, before a message is judged and signed: who folds it later breaks our
// signature, and who cuts it without a space makes a line that nobody has judged. A line may be a piece of a header or of a body.

const LF = 0x0a
const CR = 0x0d
const FOLD = Buffer.from('\r\n ')
const MAX_LINE = 998
/** Remembered, so that signatures of what came can be checked: enough for 65 MB that have no line ends. */
const MAX_REMEMBERED = 65_536

export class LongLines {
  /** Octets of the line so far. */
  #column = 0
  #seen = 0
  /** Where of what came a fold was put in, in order. */
  readonly folds: number[] = []

  /** Lines end in CR LF and in nothing else. Given back as it is where nothing is too long. */
  push(chunk: Uint8Array): Uint8Array {
    let out: Uint8Array[] | undefined
    let from = 0
    let at = 0
    while (at < chunk.length) {
      const room = MAX_LINE - this.#column
      // With the ends of several lines in it, each of them is short enough.
      const end = chunk.subarray(at, at + room + 2).lastIndexOf(LF)
      if (end >= 0) {
        at += end + 1
        this.#column = 0
        continue
      }
      const rest = chunk.length - at
      // A CR that comes last is not counted: its LF follows.
      if (rest <= room || (rest === room + 1 && chunk[at + room] === CR)) {
        this.#column += Math.min(rest, room)
        break
      }
      at = characterStart(chunk, at + room, at)
      out ??= []
      out.push(chunk.subarray(from, at), FOLD)
      if (this.folds.length < MAX_REMEMBERED) this.folds.push(this.#seen + at)
      from = at
      this.#column = 1
    }
    this.#seen += chunk.length
    return out ? Buffer.concat([...out, chunk.subarray(from)]) : chunk
  }
}

/** A character of UTF-8 is not cut, where all of it is here. */
function characterStart(bytes: Uint8Array, at: number, from: number): number {
  for (let start = at; start > from && start > at - 4; start--)
    if (((bytes[start] as number) & 0xc0) !== 0x80) return start
  return at
}

/** What came: `passed` without its folds. */
export async function* unfolded(
  passed: AsyncIterable<Uint8Array>,
  folds: readonly number[],
): AsyncIterable<Uint8Array> {
  let at = 0
  let next = 0
  for await (const chunk of passed) {
    let from = 0
    for (; next < folds.length; next++) {
      // Each fold before it has moved it on.
      const begin = (folds[next] as number) + next * FOLD.length - at
      if (begin >= chunk.length) break
      yield chunk.subarray(from, Math.max(from, begin))
      from = Math.min(chunk.length, begin + FOLD.length)
      if (begin + FOLD.length > chunk.length) break
    }
    yield chunk.subarray(from)
    at += chunk.length
  }
}
