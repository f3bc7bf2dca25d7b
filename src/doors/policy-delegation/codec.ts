// Postfix's policy delegation (SMTPD_POLICY_README): lines `name=value`, ended by an empty one. No socket, no clock.
// A request is framed by its empty line and by nothing else, however the bytes arrive.

import { StringDecoder } from 'node:string_decoder'
import type { Writable } from '../../model/writable.ts'

/** What is read of a request, by Postfix’s names. */
const EMPTY = Object.freeze({
  request: '',
  protocol_state: '',
  instance: '',
  client_address: '',
  client_port: '',
  server_port: '',
  encryption_protocol: '',
  helo_name: '',
  sasl_username: '',
  sender: '',
  recipient: '',
  recipient_count: '',
  queue_id: '',
  size: '',
})
/** Empty where it is missing; of one that comes twice the last. */
export type PolicyRequest = Readonly<Record<keyof typeof EMPTY, string>>

const isRead = (name: string): name is keyof PolicyRequest => Object.hasOwn(EMPTY, name)

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
    return request?.request === 'smtpd_access_policy' ? request : 'bad'
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
    return requestOf(lines)
  }
}

export function requestOf(lines: Iterable<readonly [string, string]>): PolicyRequest {
  const request: Writable<PolicyRequest> = { ...EMPTY }
  for (const [name, value] of lines) if (isRead(name)) request[name] = value
  return request
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

/** The first group: what is missing. */
const NONE = 1

/** A request of just these names, in this order, as a regular expression: one search instead of two for each line. */
class Pattern {
  readonly #expression: RegExp
  /** The groups in which what is read stands. */
  readonly #places: Readonly<Record<keyof PolicyRequest, number>>

  constructor(names: readonly string[]) {
    const places = Object.fromEntries(Object.keys(EMPTY).map(name => [name, NONE])) as Record<
      keyof PolicyRequest,
      number
    >
    let groups = NONE
    const lines = names.map((name, i) => {
      const isHeld = isRead(name) && names.lastIndexOf(name) === i
      if (isHeld) places[name] = ++groups
      return `${RegExp.escape(name)}=${isHeld ? '([^\n]*)' : '[^\n]*'}\n`
    })
    this.#expression = new RegExp(`^()${lines.join('')}\n`)
    this.#places = places
  }

  read(text: string): PolicyRequest | undefined {
    const found = this.#expression.exec(text)
    if (!found) return undefined
    const at = (place: number) => found[place] as string
    const places = this.#places
    return {
      request: at(places.request),
      protocol_state: at(places.protocol_state),
      instance: at(places.instance),
      client_address: at(places.client_address),
      client_port: at(places.client_port),
      server_port: at(places.server_port),
      encryption_protocol: at(places.encryption_protocol),
      helo_name: at(places.helo_name),
      sasl_username: at(places.sasl_username),
      sender: at(places.sender),
      recipient: at(places.recipient),
      recipient_count: at(places.recipient_count),
      queue_id: at(places.queue_id),
      size: at(places.size),
    }
  }
}
