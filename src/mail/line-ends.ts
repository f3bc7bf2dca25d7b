// Line ends of a message that comes in pieces: a bare CR or LF becomes CR LF, as at the SMTP listener for submission. Pure.

export class LineEnds {
  /** The last piece ended with a CR: whether it is bare, the next byte says. */
  #hasCr = false
  #endsLine = true

  push(piece: Uint8Array): Buffer {
    const text = (this.#hasCr ? '\r' : '') + Buffer.from(piece).toString('latin1')
    this.#hasCr = text.endsWith('\r')
    const whole = this.#hasCr ? text.slice(0, -1) : text
    const mended = whole.replaceAll(/\r\n|\r|\n/g, '\r\n')
    if (mended !== '') this.#endsLine = mended.endsWith('\n')
    return Buffer.from(mended, 'latin1')
  }

  /** What is still to come: the end of a last line that has none. */
  end(): Buffer {
    return Buffer.from(this.#hasCr || !this.#endsLine ? '\r\n' : '', 'latin1')
  }
}
