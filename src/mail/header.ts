// The header of a message: fields, unfolded, in order (RFC 5322 §2.2). Tolerant reading, strict bounds.

import { MAX_FIELDS, MAX_HEADER } from './header-end.ts'

/**
 * `body`: where the body begins, after the empty line. `unsure`: not everybody reads this header alike. Either it is over a limit
 * of size or number, or it has a line that is no field: for some readers the body begins at `elsewhere` already, for others
 * the fields go on behind that line. Text in which nobody finds a field is body, also without the empty line of RFC 2046 §5.1. Headers of messages have been ended before (header-end.ts); those of their parts have not.
 */
export type Header = {
  readonly fields: readonly Field[]
  readonly body: number
  readonly unsure?: true
  readonly elsewhere?: number
}
/** `folds`: where in the value a line ended, in order. */
export type Field = {
  readonly name: string
  readonly value: string
  readonly folds?: readonly number[]
}

type Reading = { name: string; value: string; folds?: number[] }

const THEIRS = { fields: MAX_FIELDS, bytes: MAX_HEADER } as const

const FIELD = /^[!-9;-~]+[ \t]*:/

/**
 * Splits the raw bytes of a message (or of a MIME part) into its fields and the offset where the body begins.
 * Bytes become characters one to one; field names come out in lower case. What is no field is stepped over. `most`: `STORED` for a
 * message that has, or may have, fields of ours in front.
 */
export function parseHeader(
  raw: Buffer,
  most: { readonly fields: number; readonly bytes: number } = THEIRS,
): Header {
  const fields: Reading[] = []
  let last: Reading | undefined
  let stray: number | undefined
  let isDoubtful = false
  let at = 0
  while (at < raw.length && at < most.bytes) {
    const newline = raw.indexOf(0x0a, at)
    const next = newline < 0 ? raw.length : newline + 1
    const line = raw.toString('latin1', at, newline < 0 ? raw.length : newline).replace(/\r$/, '')
    if (line === '') {
      const isText = stray !== undefined && fields.length === 0 && !isDoubtful
      return isText ? { fields, body: stray ?? next } : headerOf(fields, next, stray)
    }
    if (last && (line.startsWith(' ') || line.startsWith('\t'))) {
      last.folds ??= []
      last.folds.push(last.value.length)
      last.value += ` ${trimmed(line)}`
    } else if (FIELD.test(line)) {
      const colon = line.indexOf(':')
      last = {
        name: line.slice(0, colon).trimEnd().toLowerCase(),
        value: trimmed(line.slice(colon + 1)),
      }
      if (fields.length === most.fields) return { fields, body: stray ?? at, unsure: true }
      fields.push(last)
      isDoubtful = stray !== undefined
    } else {
      last = undefined
      stray ??= at
      isDoubtful ||= mayBeField(line)
    }
    at = next
  }
  // Without an empty line everything from the first line that is no field on is body.
  const body = Math.min(stray ?? at, raw.length)
  return { fields, body, ...(isDoubtful || at < raw.length ? { unsure: true } : {}) }
}

/** Of a line that is no field: some reader takes it for one, or what stands in it behind a byte that ends lines for some. */
const mayBeField = (line: string): boolean =>
  line.split(/[^!-~ \t]/).some(piece => {
    const text = trimmed(piece)
    return text.startsWith(':') || FIELD.test(text)
  })

/** Space of RFC 5322 only: a byte of a letter in UTF-8 may look like another space, alone. */
export function trimmed(text: string): string {
  const isSpace = (at: number) => text[at] === ' ' || text[at] === '\t'
  let from = 0
  let to = text.length
  while (from < to && isSpace(from)) from++
  while (to > from && isSpace(to - 1)) to--
  return text.slice(from, to)
}

const headerOf = (fields: readonly Field[], body: number, elsewhere?: number): Header =>
  elsewhere === undefined ? { fields, body } : { fields, body, elsewhere, unsure: true }

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
