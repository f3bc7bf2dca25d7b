// The header of a message: fields, unfolded, in order (RFC 5322 §2.2). Tolerant reading, strict bounds.

/** `body`: where the body begins. */
export type Header = { readonly fields: readonly Field[]; readonly body: number }
export type Field = { readonly name: string; readonly value: string }

/** No honest header is larger; what is beyond is not looked at. */
const MAX_HEADER = 256 * 1024
const MAX_FIELDS = 1000

/**
 * Splits the raw bytes of a message (or of a MIME part) into its fields and the offset where the body begins.
 * Bytes become characters one to one; field names come out in lower case.
 */
export function parseHeader(raw: Buffer): Header {
  const fields: { name: string; value: string }[] = []
  let at = 0
  const end = Math.min(raw.length, MAX_HEADER)
  while (at < end) {
    const newline = raw.indexOf(0x0a, at)
    const next = newline < 0 ? raw.length : newline + 1
    const line = raw.toString('latin1', at, newline < 0 ? raw.length : newline).replace(/\r$/, '')
    if (line === '') return { fields, body: next }
    const last = fields[fields.length - 1]
    if ((line.startsWith(' ') || line.startsWith('\t')) && last) {
      last.value += ` ${line.trim()}`
    } else {
      const colon = line.indexOf(':')
      // Not a field: the body begins here, without the empty line a writer should have sent.
      if (colon < 1 || /[\s\0]/.test(line.slice(0, colon).trimEnd())) return { fields, body: at }
      if (fields.length < MAX_FIELDS) {
        fields.push({
          name: line.slice(0, colon).trimEnd().toLowerCase(),
          value: line.slice(colon + 1).trim(),
        })
      }
    }
    at = next
  }
  return { fields, body: Math.min(at, raw.length) }
}

export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  return fields.find(field => field.name === name)?.value
}

/** One after the other, so that what stands in quotes is not taken for the next. */
const PARAMETER = /;\s*([^\s=;"*]+)(?:\*(\d{1,3}))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g
/** Parts of one value are put together up to here (RFC 2231 §3). */
const MAX_PIECES = 100

/**
 * A parameter of a structured field: `parameter('text/plain; charset="utf-8"', 'charset')` is "utf-8". Also in pieces, and with a
 * character set of its own: `name*0*=utf-8''a%20; name*1="b.exe"` (RFC 2231).
 */
export function parameter(value: string, name: string): string | undefined {
  const pieces: { number: number; text: string; coded: boolean }[] = []
  for (const [, key, number, star, quoted, plain] of value.matchAll(PARAMETER)) {
    if (key?.toLowerCase() !== name) continue
    const text = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')
    // A value that is whole, as nearly all are.
    if (number === undefined && !star) return text
    if (pieces.length < MAX_PIECES)
      pieces.push({ number: Number(number ?? 0), text, coded: star === '*' })
  }
  if (pieces.length === 0) return undefined
  const parts = pieces.toSorted((a, b) => a.number - b.number)
  const charset = parts[0]?.coded ? /^([^']*)'[^']*'/.exec(parts[0].text) : null
  const bytes = parts.map(({ text, coded }, i) =>
    coded ? percentDecoded(i === 0 && charset ? text.slice(charset[0].length) : text) : text,
  )
  const latin = /8859-1$|ascii/i.test(charset?.[1] ?? '')
  return Buffer.from(bytes.join(''), 'latin1').toString(latin ? 'latin1' : 'utf8')
}

/** One character a byte. */
const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )

/** RFC 2047 encoded words, for showing a subject; unknown character sets are read as UTF-8. */
export function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(
      /=\?([^?]{1,40})\?([bqBQ])\?([^?]*)\?=/g,
      (_, charset: string, how: string, text: string) => {
        const bytes =
          how.toLowerCase() === 'b'
            ? Buffer.from(text, 'base64')
            : Buffer.from(
                text
                  .replaceAll('_', ' ')
                  .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
                    String.fromCharCode(Number.parseInt(hex, 16)),
                  ),
                'latin1',
              )
        return bytes.toString(/8859-1$|ascii/i.test(charset) ? 'latin1' : 'utf8')
      },
    )
}
