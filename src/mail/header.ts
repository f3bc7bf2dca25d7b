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

/** A parameter of a structured field: `parameter('text/plain; charset="utf-8"', 'charset')` is "utf-8". */
export function parameter(value: string, name: string): string | undefined {
  const quoted = new RegExp(`;\\s*${name}\\*?=\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(value)
  if (quoted) return (quoted[1] ?? '').replace(/\\(.)/g, '$1')
  return new RegExp(`;\\s*${name}\\*?=\\s*([^\\s;"]+)`, 'i').exec(value)?.[1]
}

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
