// The bytes of a message on their way in: transport dots off (DATA only), and every line ended by CR LF and by nothing
// else, so that no server after us can take a part of it for the end. Pure; keeps its place between chunks.

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e

/** Where in a message we are; `line-start` only after a true CR LF. */
type BytePlace = 'line-start' | 'dot' | 'dot-cr' | 'middle' | 'cr' | 'end'

export class MessageBytes {
  #place: BytePlace = 'line-start'
  /** DATA ends at a dot; with BDAT (RFC 3030) a dot is a dot, and lengths say where the end is. */
  readonly #dots: boolean
  /** There were bare CRs or LFs, now CR LF. */
  repaired = false

  constructor(framing: 'dots' | 'lengths') {
    this.#dots = framing === 'dots'
  }

  get ended(): boolean {
    return this.#place === 'end'
  }

  /** What of the input is message, and how many bytes of it were used: all, or up to the end of the message. */
  take(input: Uint8Array): { bytes: Uint8Array; used: number } {
    // A carriage return kept from before makes two more. The result is kept while the message comes in: it is made larger only for
    // clients that send bare newlines, where every byte may become two.
    let out = new Uint8Array(input.length + 4)
    let place = this.#place
    let length = 0
    let i = 0
    for (; i < input.length && place !== 'end'; i++) {
      const byte = input[i] as number
      if (place === 'line-start' && byte === DOT && this.#dots) {
        place = 'dot'
        continue
      }
      if (place === 'dot' && byte === CR) {
        place = 'dot-cr'
        continue
      }
      if (place === 'dot-cr' && byte === LF) {
        place = 'end'
        continue
      }
      if (place === 'cr' && byte === LF) {
        out[length++] = CR
        out[length++] = LF
        place = 'line-start'
        continue
      }
      if (place === 'cr' || place === 'dot-cr') {
        // That carriage return stood alone.
        this.repaired = true
        out = withRoom(out, length, 2 * (input.length - i) + 4)
        out[length++] = CR
        out[length++] = LF
      }
      if (byte === CR) {
        place = 'cr'
        continue
      }
      place = 'middle'
      if (byte === LF) {
        this.repaired = true
        out = withRoom(out, length, 2 * (input.length - i) + 4)
        out[length++] = CR
        out[length++] = LF
        continue
      }
      out[length++] = byte
      // The inside of a line is nearly everything there is: on to its end.
      for (let next = input[i + 1]; i + 1 < input.length && next !== CR && next !== LF; ) {
        out[length++] = next as number
        i++
        next = input[i + 1]
      }
    }
    this.#place = place
    return { bytes: out.subarray(0, length), used: i }
  }

  /** After the last chunk of BDAT: what was kept back. */
  finish(): Uint8Array {
    if (this.#place !== 'cr') return new Uint8Array(0)
    this.#place = 'end'
    this.repaired = true
    return Uint8Array.of(CR, LF)
  }
}

/** The same first bytes, with room for so many more. */
function withRoom(
  bytes: Uint8Array<ArrayBuffer>,
  length: number,
  room: number,
): Uint8Array<ArrayBuffer> {
  if (bytes.length >= length + room) return bytes
  const larger = new Uint8Array(length + room)
  larger.set(bytes.subarray(0, length))
  return larger
}
