// Lines that end in LF, as files have them on Unix, and as Postfix and Dovecot write them in a Maildir: CR LF becomes LF, a CR alone stays.
// Streams: of each chunk at most its last CR is kept back.

const CR = 0x0d
const LF = 0x0a

export async function* unixLines(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let kept = false
  for await (const chunk of body) {
    const bytes: Uint8Array = kept ? Buffer.concat([Buffer.of(CR), chunk]) : chunk
    kept = bytes.at(-1) === CR
    const out = withoutReturns(kept ? bytes.subarray(0, -1) : bytes)
    if (out.length > 0) yield out
  }
  if (kept) yield Buffer.of(CR)
}

function withoutReturns(bytes: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(bytes.length)
  let length = 0
  let from = 0
  for (let at = bytes.indexOf(CR); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF) continue
    out.set(bytes.subarray(from, at), length)
    length += at - from
    from = at + 1
  }
  out.set(bytes.subarray(from), length)
  return out.subarray(0, length + bytes.length - from)
}
