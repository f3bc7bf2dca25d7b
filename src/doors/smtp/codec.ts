// Bytes from an SMTP client, cut into command lines and message data. Pure: no socket, no clock.
//
// Lines end in CR LF and in nothing else (RFC 5321 §2.3.8). A message ends at CR LF . CR LF and at nothing else
// (§4.1.1.4): every other sequence that some server somewhere takes for the end is content here, and is
// turned into something no server takes for the end before it is passed on.

export type Token =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'bad-line'; readonly why: 'too-long' | 'bare-newline' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  /** `repaired`: there were bare CRs or LFs, now CR LF. */
  | { readonly kind: 'data-end'; readonly repaired: boolean }

// RFC 5321 §4.5.3.1.4 asks for 512 octets, RFC 4954 §4 for 12,288 where AUTH is offered.
const MAX_LINE = 12_288

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

export class SmtpDecoder {
  #buffer: Buffer = Buffer.alloc(0)
  #mode: 'command' | 'data' = 'command'
  #data: DataState = { place: 'line-start', repaired: false }
  /** Inside a line that was too long already: skip to its end. */
  #skipping = false

  push(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
  }

  /** Bytes not yet asked for. */
  get waiting(): number {
    return this.#buffer.length
  }

  /** What follows is message data, until its end. */
  startData(): void {
    this.#mode = 'data'
    this.#data = { place: 'line-start', repaired: false }
  }

  /** Forgets everything not yet read: after STARTTLS nothing said in clear may count (RFC 3207 §4.2). */
  discard(): void {
    this.#buffer = Buffer.alloc(0)
    this.#skipping = false
  }

  /** The next token, or undefined when more bytes are needed. */
  next(): Token | undefined {
    return this.#mode === 'command' ? this.#nextLine() : this.#nextData()
  }

  #nextLine(): Token | undefined {
    const end = this.#buffer.indexOf(LF)
    if (end < 0) {
      if (this.#buffer.length <= MAX_LINE) return undefined
      this.discard()
      this.#skipping = true
      return undefined
    }
    const line = this.#buffer.subarray(0, end)
    this.#buffer = this.#buffer.subarray(end + 1)
    if (this.#skipping || line.length > MAX_LINE) {
      this.#skipping = false
      return { kind: 'bad-line', why: 'too-long' }
    }
    const text = line[line.length - 1] === CR ? line.subarray(0, -1) : undefined
    if (!text || text.includes(CR)) return { kind: 'bad-line', why: 'bare-newline' }
    return { kind: 'line', text: text.toString('utf8') }
  }

  #nextData(): Token | undefined {
    if (this.#data.place === 'end') {
      this.#mode = 'command'
      return { kind: 'data-end', repaired: this.#data.repaired }
    }
    if (this.#buffer.length === 0) return undefined
    const { bytes, used } = unstuff(this.#buffer, this.#data)
    this.#buffer = this.#buffer.subarray(used)
    return bytes.length > 0 ? { kind: 'data', bytes } : this.#nextData()
  }
}

/** Where in a message we are; `line-start` only after a true CR LF. */
type DataState = {
  place: 'line-start' | 'dot' | 'dot-cr' | 'middle' | 'cr' | 'end'
  repaired: boolean
}

/** Takes off the dots that were added for transport and repairs line ends, up to the end of the message. */
function unstuff(input: Buffer, state: DataState): { bytes: Uint8Array; used: number } {
  // At worst every byte is a bare newline and becomes two; a carriage return kept from before makes two more.
  const out = new Uint8Array(input.length * 2 + 4)
  let length = 0
  const newline = () => {
    out[length++] = CR
    out[length++] = LF
  }
  let i = 0
  for (; i < input.length && state.place !== 'end'; i++) {
    const byte = input[i] as number
    if (state.place === 'line-start' && byte === DOT) {
      state.place = 'dot'
      continue
    }
    if (state.place === 'dot' && byte === CR) {
      state.place = 'dot-cr'
      continue
    }
    if (state.place === 'dot-cr' && byte === LF) {
      state.place = 'end'
      continue
    }
    if (state.place === 'cr' && byte === LF) {
      newline()
      state.place = 'line-start'
      continue
    }
    if (state.place === 'cr' || state.place === 'dot-cr') {
      // That carriage return stood alone.
      newline()
      state.repaired = true
    }
    if (byte === CR) state.place = 'cr'
    else {
      state.place = 'middle'
      if (byte === LF) {
        newline()
        state.repaired = true
      } else out[length++] = byte
      // The inside of a line is nearly everything there is: on to its end.
      for (let next = input[i + 1]; i + 1 < input.length && next !== CR && next !== LF; ) {
        out[length++] = next as number
        i++
        next = input[i + 1]
      }
    }
  }
  return { bytes: out.subarray(0, length), used: i }
}
