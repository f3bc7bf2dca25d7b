// Lines that may say something where nothing else of a message is read: a boundary, or a file in the text (uuencode.ts). Found by the end of
// the line before.

export const LF = 0x0a
const [DASHES, BEGIN] = [Buffer.from('\n--'), Buffer.from('\nbegin')]

export class LineMarks {
  readonly #marks: readonly Mark[]

  constructor(all: Buffer) {
    this.#marks = [new Mark(all, DASHES), new Mark(all, BEGIN)]
  }

  /** The end of the line before the next one that may say something. */
  next(at: number): number | undefined {
    const next = Math.min(...this.#marks.map(mark => mark.from(at)))
    return next === Infinity ? undefined : next
  }
}

/** The next place of a text. A search is never repeated, not even one that found nothing. */
class Mark {
  readonly #all: Buffer
  readonly #sought: Buffer
  #found = -1

  constructor(all: Buffer, sought: Buffer) {
    this.#all = all
    this.#sought = sought
  }

  from(at: number): number {
    if (this.#found < at) {
      const found = this.#all.indexOf(this.#sought, at)
      this.#found = found < 0 ? Infinity : found
    }
    return this.#found
  }
}

/** Where the last line's end is; what is longer than a line says nothing. */
export function lastLine(all: Buffer, longest: number): number {
  const at = all.lastIndexOf(LF)
  return at < 0 || all.length - at > longest ? Math.max(0, all.length - BEGIN.length) : at
}
