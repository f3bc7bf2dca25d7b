// A parameter in pieces, with a character set of its own (RFC 2231): `name*0*=utf-8''a%20; name*1="b.exe"`. Readers differ about pieces
// that come twice or out of order, about what is coded, and whether a number must be there.

import { decodeCharset, isForeign } from './charset.ts'
import { asciiOf, hasPlainEnd } from './encoded-words.ts'

/**
 * `of`: whose piece it is. `form`: `name=`, `name*=`, or `name*3=`. `coded`: a star stood behind its number. `texts`: all readings, one
 * character a byte. `apart`: its name stands by itself; if not, it is a part of something else for some.
 */
export type Piece = {
  readonly of: 'name' | 'filename'
  readonly form: 'plain' | 'whole' | 'numbered'
  readonly apart: boolean
  readonly number: number
  readonly texts: readonly string[]
  readonly coded: boolean
}
/** A piece with one of its readings. */
type Chosen = Omit<Piece, 'texts'> & { readonly text: string; readonly place: number }

/** A reader ends all pieces in the same way. */
const MAX_WAYS = 8

/** All values that pieces in the order in which they stand may make: those of each parameter, and all of them together. */
export function pieceReadings(pieces: readonly Piece[]): ReadonlySet<string> {
  const found = new Set<string>()
  if (pieces.every(({ form }) => form === 'plain')) return found
  const groups = [
    pieces,
    pieces.filter(piece => piece.of === 'name'),
    pieces.filter(piece => piece.of === 'filename'),
  ].filter((group, i) => group.length > 0 && (i === 0 || group.length < pieces.length))
  for (const group of groups) {
    const ways = Math.min(MAX_WAYS, Math.max(...group.map(({ texts }) => texts.length)))
    for (let way = 0; way < ways; way++)
      for (const value of ordered(
        group.map(({ texts, ...piece }, place) => {
          const text = texts[way] ?? texts[0] ?? ''
          return { ...piece, text, place }
        }),
      ))
        found.add(value)
  }
  return found
}

function ordered(all: readonly Chosen[]): readonly string[] {
  const pieces = all.filter(({ form }) => form !== 'plain')
  const sorted = byNumber(pieces)
  const isFirst = (piece: Chosen, i: number) => sorted[i - 1]?.number !== piece.number
  const isLast = (piece: Chosen, i: number) => sorted[i + 1]?.number !== piece.number
  const orders = [pieces, sorted, sorted.filter(isFirst), sorted.filter(isLast)]
  if (pieces.some(piece => !piece.apart)) orders.push(sorted.filter(piece => piece.apart))
  // RFC 2231 §3: a number that is missing ends it.
  for (const order of orders.slice(2)) orders.push(order.filter((piece, i) => piece.number === i))
  orders.push(followed(byNumber(all)))
  const whole = pieces.filter(({ form }) => form === 'whole')
  orders.push(whole.slice(0, 1), whole.slice(-1))
  const different = new Map(orders.map(order => [order.map(one => one.place).join(), order]))
  return [...different.values()].flatMap(order => [
    ...joined(order, piece => piece.coded),
    ...joined(order, () => true),
  ])
}

const byNumber = (pieces: readonly Chosen[]): readonly Chosen[] =>
  pieces.toSorted((a, b) => a.number - b.number)

/** A piece without a number is the first of those with one; only coded pieces may have any number (Python's reader). */
function followed(sorted: readonly Chosen[]): readonly Chosen[] {
  const [first, second] = sorted
  if (first?.form === 'plain' && second?.number === 0) return []
  const found: Chosen[] = []
  for (const piece of sorted) if (piece.coded || piece.number === found.length) found.push(piece)
  return found
}

/** The first of them may say the character set: `utf-8'en'…`. One that is long is none, but what stands behind it is the value for some. */
const CHARSET = /^([^']*)'[^']*'/

function joined(pieces: readonly Chosen[], isCoded: (piece: Chosen) => boolean): readonly string[] {
  const [first] = pieces
  const [prefix = '', charset = ''] = (first && isCoded(first) && CHARSET.exec(first.text)) || []
  const texts = pieces.map((piece, i) => {
    const text = i === 0 ? piece.text.slice(prefix.length) : piece.text
    return isCoded(piece) ? percentDecoded(text) : text
  })
  const bytes = Buffer.from(texts.join(''), 'latin1')
  const text = decodeCharset(bytes, charset)
  const ascii = hasPlainEnd(text) ? [] : [asciiOf(bytes)]
  if (charset === '' || /^utf-?8$/i.test(charset)) return [text, ...ascii]
  // A mail program that does not know the character set shows the bytes.
  const plain = bytes.toString('utf8')
  return text === plain ? [text, ...ascii] : [text, plain, ...ascii]
}

/** One character a byte. */
export const percentDecoded = (text: string): string =>
  text.includes('%')
    ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : text

/** The piece names a character set that Cordon does not know. */
export const isForeignPiece = ({ coded, texts }: Piece): boolean =>
  coded &&
  texts.some(text => {
    const [prefix = '', charset = ''] = CHARSET.exec(text) ?? []
    const bytes = Buffer.from(percentDecoded(text.slice(prefix.length)), 'latin1')
    return isForeign(bytes, charset)
  })
