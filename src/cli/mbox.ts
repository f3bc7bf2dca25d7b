// Messages of a file: an mbox (RFC 4155), or one message, or one document of JSON.

const LF = 0x0a
/** The line before each message of an mbox; its last word is the year, or a zone behind it. */
const FROM_LINE = /^From \S.{0,200}\d{4}(?: [+-]\d{4})?\r?$/
const FROM = Buffer.from('From ')

/** In order; of an mbox without the lines between them, and with what was quoted (`>From `) as it was. */
export function messagesIn(raw: Buffer): readonly Buffer[] {
  if (raw.length === 0) return []
  if (!isFromLine(raw, 0)) return [raw]
  const starts = [0]
  for (let at = raw.indexOf(FROM, 1); at >= 0; at = raw.indexOf(FROM, at + 1))
    if (isBehindEmptyLine(raw, at) && isFromLine(raw, at)) starts.push(at)
  return starts.map((start, i) => {
    const end = raw.indexOf(LF, start)
    const message = end < 0 ? Buffer.alloc(0) : raw.subarray(end + 1, starts[i + 1] ?? raw.length)
    return Buffer.from(message.toString('latin1').replaceAll(/^>(>{0,20}From )/gm, '$1'), 'latin1')
  })
}

function isFromLine(raw: Buffer, at: number): boolean {
  const end = raw.indexOf(LF, at)
  return FROM_LINE.test(raw.toString('latin1', at, Math.min(end < 0 ? raw.length : end, at + 300)))
}

function isBehindEmptyLine(raw: Buffer, at: number): boolean {
  if (raw[at - 1] !== LF) return false
  return raw[at - 2] === LF || (raw[at - 2] === 0x0d && raw[at - 3] === LF)
}
