// Old Korean and Chinese mail in seven bits: ISO-2022-KR (RFC 1557), HZ-GB-2312 (RFC 1843), and what of ISO-2022-CN (RFC 1922) is GB 2312.
// With its shifts taken out and its letters in eight bits each is one that TextDecoder knows. Where anything else stands (another
// character set, a shift without one) nothing is decoded: then Cordon does not know what the text says.

const ESC = 0x1b
const SHIFT_OUT = 0x0e
const SHIFT_IN = 0x0f
const LF = 0x0a
const TILDE = 0x7e

type Shifted = { readonly designator?: string; readonly decoder: 'euc-kr' | 'gbk' }

/** `short`: letters and digits of the label. */
function shiftedBy(short: string): Shifted | undefined {
  if (/^(?:cs)?iso2022kr$/.test(short)) return { designator: '$)C', decoder: 'euc-kr' }
  if (/^(?:cs)?iso2022cn(?:ext)?$/.test(short)) return { designator: '$)A', decoder: 'gbk' }
  return /^(?:cs|x)?hz(?:gb2312)?$/.test(short) ? { decoder: 'gbk' } : undefined
}

/** Undefined when it is another kind of character set, or has something that is not known here. */
export function decodeShifted(bytes: Buffer, short: string): string | undefined {
  const shifted = shiftedBy(short)
  if (!shifted) return undefined
  const { designator, decoder } = shifted
  const wide = designator === undefined ? withoutTildes(bytes) : withoutShifts(bytes, designator)
  return wide && new TextDecoder(decoder).decode(wide)
}

/** A line begins in ASCII, as readers have it that forgive a missing shift. */
function withoutShifts(bytes: Buffer, designator: string): Buffer | undefined {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let isDesignated = false
  let isWide = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === ESC) {
      if (bytes.toString('latin1', at + 1, at + 1 + designator.length) !== designator)
        return undefined
      isDesignated = true
      at += designator.length
    } else if (byte === SHIFT_OUT) {
      if (!isDesignated) return undefined
      isWide = true
    } else if (byte === SHIFT_IN) isWide = false
    else {
      if (byte === LF) isWide = false
      out[length++] = isWide ? widened(byte) : byte
    }
  }
  return out.subarray(0, length)
}

/** `~{` begins letters of two bytes and `~}` ends them, `~~` is one, and a line is continued behind a `~`. */
function withoutTildes(bytes: Buffer): Buffer | undefined {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  let isWide = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === LF) isWide = false
    if (byte !== TILDE) {
      out[length++] = isWide ? widened(byte) : byte
      continue
    }
    const next = String.fromCharCode(bytes[++at] ?? 0)
    if (next === '{' || next === '}') isWide = next === '{'
    else if (next === '~') out[length++] = TILDE
    else if (next !== '\n') return undefined
  }
  return out.subarray(0, length)
}

/** Only what is a letter of two bytes: spaces and ends of lines stay. */
const widened = (byte: number): number => (byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte)
