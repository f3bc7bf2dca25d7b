// The Message-ID in a header that streams by, for mail that is refused for its form before Cordon parses it: a person who looks for the
// message knows it by its Message-ID. Looks at each byte of the header once, and keeps its last line only.

/** Folded or not; a person types no longer one. */
const FIELD = /\nmessage-id[ \t]{0,9}:[ \t\r\n]{0,9}([^\r\n]{1,250})/i
const HEADER_END = /\n\r?\n/
/** A field of this length may lie across the end of a piece. */
const KEPT = 600

export class SeenMessageId {
  #tail = '\n'
  #isOver = false
  #id: string | undefined

  get known(): { readonly messageId?: string } {
    return this.#id === undefined ? {} : { messageId: this.#id }
  }

  push(bytes: Uint8Array): void {
    if (this.#isOver) return
    const text = this.#tail + headerOf(bytes).toString('latin1')
    const end = HEADER_END.exec(text)?.index
    const header = end === undefined ? text : text.slice(0, end + 1)
    const found = FIELD.exec(header)
    this.#isOver = end !== undefined || (found !== null && ended(header, found))
    if (found) this.#id = found[1]?.trim()
    this.#tail = text.slice(-KEPT)
  }
}

/** Without the body, where the header ends in this piece: text is made of no more than is looked at. */
function headerOf(bytes: Uint8Array): Buffer {
  const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = piece.indexOf(EMPTY_LINE)
  const header = end < 0 ? piece : piece.subarray(0, end + EMPTY_LINE.length)
  const bare = header.indexOf(BARE_EMPTY_LINE)
  return bare < 0 ? header : header.subarray(0, bare + BARE_EMPTY_LINE.length)
}

const EMPTY_LINE = Buffer.from('\n\r\n')
const BARE_EMPTY_LINE = Buffer.from('\n\n')

/** It may go on in the next piece otherwise. */
const ended = (header: string, { 0: field, index }: RegExpExecArray): boolean =>
  index + field.length < header.length
