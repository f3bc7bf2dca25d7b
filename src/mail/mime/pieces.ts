// A parameter in pieces, with a character set of its own (RFC 2231): `name*0*=utf-8''a%20; name*1="b.exe"`. Readers differ about pieces
// that come twice or out of order, about what is coded, and whether a number must be there.

import { decodeCharset } from './charset.ts'

/**
 * `coded`: a star stood behind its number. `texts`: all readings, one character a byte. `apart`: its name stands by itself; if not, it is a
 * part of something else for some.
 */
export type Piece = {
  readonly apart: boolean
  readonly number: number
  readonly texts: readonly string[]
  readonly coded: boolean
}
/** With one of its readings. */
type Chosen = Omit<Piece, 'texts'> & { readonly text: string }

/** A reader ends all pieces in the same way. */
const MAX_WAYS = 6

/** All values that pieces of one parameter, in the order in which they stand, may make. */
export function pieceReadings(pieces: readonly Piece[]): ReadonlySet<string> {
  const found = new Set<string>()
  const ways = Math.min(MAX_WAYS, Math.max(0, ...pieces.map(({ texts }) => texts.length)))
  for (let way = 0; way < ways; way++)
    for (const value of ordered(
      pieces.map(({ texts, ...piece }) => ({ ...piece, text: texts[way] ?? texts[0] ?? '' })),
    ))
      found.add(value)
  return found
}

function ordered(pieces: readonly Chosen[]): readonly string[] {
  const sorted = pieces.toSorted((a, b) => a.number - b.number)
  const isFirst = (piece: Chosen, i: number) => sorted[i - 1]?.number !== piece.number
  const isLast = (piece: Chosen, i: number) => sorted[i + 1]?.number !== piece.number
  const orders = [pieces, sorted, sorted.filter(isFirst), sorted.filter(isLast)]
  if (pieces.some(piece => !piece.apart)) orders.push(sorted.filter(piece => piece.apart))
  return orders.flatMap(order => [
    ...joined(order, piece => piece.coded),
    ...joined(order, () => true),
  ])
}

/** The first of them may say the character set: `utf-8'en'…`. */
const CHARSET = /^([^']{0,60})'[^']{0,60}'/

function joined(pieces: readonly Chosen[], isCoded: (piece: Chosen) => boolean): readonly string[] {
  const [first] = pieces
  const [prefix = '', charset = ''] = (first && isCoded(first) && CHARSET.exec(first.text)) || []
  const texts = pieces.map((piece, i) => {
    const text = i === 0 ? piece.text.slice(prefix.length) : piece.text
    return isCoded(piece) ? percentDecoded(text) : text
  })
  const bytes = Buffer.from(texts.join(''), 'latin1')
  const text = decodeCharset(bytes, charset)
  // Who does not get along with it shows the bytes.
  return bytes.includes(0) ? [text, bytes.toString('utf8')] : [text]
}

/** One character a byte. */
export const percentDecoded = (text: string): string =>
  text.includes('%')
    ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text
