// What a line of a header is, decided from its first bytes, one at a time: the grammar of Postfix's is_header() and of its reading of
// the first line (smtpd.c). Pure; keeps its place between chunks.

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
const GREATER = 0x3e
/** Of a field's name: a longer one would be folded where it is sent on (long-lines.ts), and then be none. */
const MAX_NAME = 900
const FROM = [0x46, 0x72, 0x6f, 0x6d]

/**
 * `mailbox`: `From ` or `>From `, which programs that keep mail in one file put in front of each message.
 * `other`: no field; nothing of a header may follow it.
 */
export type LineKind = 'empty' | 'field' | 'continuation' | 'mailbox' | 'other'

export class LineStart {
  #place: 'start' | 'return' | 'name' | 'space' = 'start'
  /** Bytes of the field's name, without the space before its colon. */
  #name = 0
  /** How much of `From` the name is, after its brackets; -1: it is another. */
  #from = 0

  get nameLength(): number {
    return this.#name
  }

  /** Undefined while it may be one thing or another. The byte that decides is the colon of a field, or the line feed of an empty line. */
  next(byte: number): LineKind | undefined {
    if (this.#place === 'start') return this.#first(byte)
    if (this.#place === 'return') return byte === LF ? 'empty' : 'other'
    if (byte === COLON) return 'field'
    if (byte === SPACE || byte === TAB) return this.#space(byte)
    if (this.#place === 'space') return this.#from === FROM.length ? 'mailbox' : 'other'
    return this.#letter(byte)
  }

  #first(byte: number): LineKind | undefined {
    if (byte === LF) return 'empty'
    if (byte === SPACE || byte === TAB) return 'continuation'
    if (byte === COLON) return 'other'
    this.#place = byte === CR ? 'return' : 'name'
    return byte === CR ? undefined : this.#letter(byte)
  }

  #letter(byte: number): LineKind | undefined {
    // RFC 5322 §3.6.8: printable ASCII. NUL, other control characters and bytes over 127 are no name.
    if (byte <= SPACE || byte > 0x7e || this.#name === MAX_NAME) return 'other'
    this.#name++
    if (this.#from === 0 && byte === GREATER) return undefined
    this.#from = this.#from >= 0 && byte === FROM[this.#from] ? this.#from + 1 : -1
    return undefined
  }

  #space(byte: number): undefined {
    if (this.#place === 'name' && byte === TAB) this.#from = -1
    this.#place = 'space'
  }
}
