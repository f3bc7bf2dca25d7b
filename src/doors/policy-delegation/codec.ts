// Postfix's policy delegation (SMTPD_POLICY_README): lines `name=value`, ended by an empty one. No socket, no clock.
// A request is framed by its empty line and by nothing else, however the bytes arrive.

import { StringDecoder } from 'node:string_decoder'

/** The attributes of one request; of one that comes twice, the last. */
export type PolicyRequest = Pick<ReadonlyMap<string, string>, 'get' | 'entries'>

/** Postfix's longest request is a few kilobytes; a peer that needs more is not Postfix. */
const MAX_REQUEST = 64 * 1024

export class PolicyDecoder {
  #text = ''
  readonly #utf8 = new StringDecoder('utf8')
  /** Postfix says the same names in the same order each time: what the requests before were like, this one is looked at first. */
  #like: Pattern | undefined
  /** Those of the request before, as far as there is no pattern of them. */
  #names: readonly string[] = []
  #patterns = 0

  /** Characters that have come and are not used. */
  get waiting(): number {
    return this.#text.length
  }

  push(chunk: Uint8Array): void {
    this.#text += this.#utf8.write(chunk)
  }

  /** The next request; `bad` when it is too long or not of this protocol; undefined when more bytes are needed. */
  next(): PolicyRequest | 'bad' | undefined {
    const text = this.#text
    const end = text.indexOf('\n\n')
    if (end < 0) return text.length > MAX_REQUEST ? 'bad' : undefined
    if (end > MAX_REQUEST) return 'bad'
    const request = this.#like?.read(text) ?? this.#readAnew(text, end)
    this.#text = text.slice(end + 2)
    return request?.get('request') === 'smtpd_access_policy' ? request : 'bad'
  }

  #readAnew(text: string, end: number): PolicyRequest | undefined {
    const lines = linesOf(text, end)
    if (!lines) return undefined
    const before = this.#names
    this.#names = lines.map(([name]) => name)
    const again =
      before.length === this.#names.length && before.every((name, i) => name === this.#names[i])
    if (again && before.length <= MAX_NAMES && this.#patterns < MAX_PATTERNS) {
      this.#patterns++
      this.#like = new Pattern(before)
    }
    return new Map(lines)
  }
}

/** Undefined where a line has no name. */
function linesOf(text: string, end: number): [string, string][] | undefined {
  const lines: [string, string][] = []
  for (let at = 0; at <= end; ) {
    const equals = text.indexOf('=', at)
    // There is always one: the last is at `end`.
    const newline = text.indexOf('\n', at)
    if (equals <= at || equals > newline) return undefined
    lines.push([text.slice(at, equals), text.slice(equals + 1, newline)])
    at = newline + 1
  }
  return lines
}

/** Postfix 3.7 has 24; a pattern of very many would be slow to make. */
const MAX_NAMES = 100
/** Of one connection: one of a hundred names takes a millisecond and more to make. What follows is read line by line. */
export const MAX_PATTERNS = 4

/** A request of just these names, in this order, as a regular expression: one search instead of two for each line. */
class Pattern {
  readonly #expression: RegExp
  readonly #places: PlacesByName

  constructor(names: readonly string[]) {
    const lines = names.map(name => `${RegExp.escape(name)}=([^\n]*)\n`)
    this.#expression = new RegExp(`^${lines.join('')}\n`)
    this.#places = Object.create(null) as Record<string, number>
    for (const [i, name] of names.entries()) this.#places[name] = i + 1
  }

  read(text: string): PolicyRequest | undefined {
    const found = this.#expression.exec(text)
    return found ? new Matched(found, this.#places) : undefined
  }
}

/** By name. Names as keys of an object are found by where they lie in memory, without being read. */
type PlacesByName = Record<string, number>

class Matched implements PolicyRequest {
  readonly #found: readonly string[]
  readonly #places: Readonly<PlacesByName>

  constructor(found: readonly string[], places: Readonly<PlacesByName>) {
    this.#found = found
    this.#places = places
  }

  get(name: string): string | undefined {
    const place = this.#places[name]
    return place === undefined ? undefined : this.#found[place]
  }

  *entries(): MapIterator<[string, string]> {
    for (const [name, place] of Object.entries(this.#places))
      yield [name, this.#found[place] as string]
  }
}
