// The milter protocol, version 6 (Sendmail's libmilter; Postfix speaks it): packets of a length, a letter and data. There is no
// RFC; `mfdef.h` of Sendmail 8.14 is its text. Pure: no socket, no clock.

import { Gathered } from '../../mail/gathered.ts'

/** What the mail server says. */
export type Packet =
  | {
      readonly kind: 'negotiate'
      readonly version: number
      readonly actions: number
      readonly steps: number
    }
  | { readonly kind: 'macros'; readonly of: string; readonly values: ReadonlyMap<string, string> }
  | {
      readonly kind: 'connect'
      readonly family: string
      readonly address: string
      readonly port: number
    }
  | { readonly kind: 'helo'; readonly name: string }
  | { readonly kind: 'mail' | 'rcpt'; readonly path: string; readonly params: readonly string[] }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'body'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly bytes: Uint8Array }
  | { readonly kind: 'data' | 'end-of-header' | 'abort' | 'quit' | 'new-connection' | 'unknown' }

/** Postfix passes headers of 100 KiB at most (header_size_limit), libmilter bodies in pieces of 64 KiB. */
const MAX_PACKET = 1024 * 1024

export class MilterDecoder {
  readonly #bytes = new Gathered()

  push(chunk: Uint8Array): void {
    this.#bytes.add(chunk)
  }

  /** Bytes that have come and are not used. */
  get waiting(): number {
    return this.#bytes.length
  }

  /** The next packet; `bad` when it is too long or makes no sense; undefined when more bytes are needed. */
  next(): Packet | 'bad' | undefined {
    if (this.waiting < 4) return undefined
    const length = this.#bytes.bytes(4).readUInt32BE(0)
    if (length < 1 || length > MAX_PACKET) return 'bad'
    if (this.waiting < 4 + length) return undefined
    const packet = this.#bytes.bytes(4 + length)
    this.#bytes.drop(4 + length)
    return packetOf(String.fromCharCode(packet[4] as number), packet.subarray(5))
  }
}

function packetOf(letter: string, data: Buffer): Packet | 'bad' {
  switch (letter) {
    case 'O':
      if (data.length < 12) return 'bad'
      return {
        kind: 'negotiate',
        version: data.readUInt32BE(0),
        actions: data.readUInt32BE(4),
        steps: data.readUInt32BE(8),
      }
    case 'D':
      return macros(data)
    case 'C':
      return connected(data)
    case 'H':
      return { kind: 'helo', name: strings(data)[0] ?? '' }
    case 'M':
    case 'R': {
      const [path, ...params] = strings(data)
      if (path === undefined) return 'bad'
      return { kind: letter === 'M' ? 'mail' : 'rcpt', path: withoutBrackets(path), params }
    }
    case 'L': {
      const [name, value] = strings(data)
      return name === undefined || value === undefined ? 'bad' : { kind: 'header', name, value }
    }
    case 'B':
      return { kind: 'body', bytes: data }
    case 'E':
      return { kind: 'end', bytes: data }
    default: {
      const kind = BARE[letter]
      return kind ? { kind } : 'bad'
    }
  }
}

const BARE: Readonly<
  Record<string, 'data' | 'end-of-header' | 'abort' | 'quit' | 'new-connection' | 'unknown'>
> = {
  T: 'data',
  N: 'end-of-header',
  A: 'abort',
  Q: 'quit',
  K: 'new-connection',
  U: 'unknown',
}

/** One byte one character: header fields are bytes, and become bytes again. */
function strings(data: Buffer): string[] {
  const text = data.toString('latin1')
  const parts = text.split('\0')
  // A zero ends each string; the bytes behind the last zero are none.
  parts.pop()
  return parts
}

function macros(data: Buffer): Packet | 'bad' {
  if (data.length < 1) return 'bad'
  const parts = strings(data.subarray(1))
  const values = new Map<string, string>()
  for (let i = 0; i + 1 < parts.length; i += 2)
    values.set((parts[i] as string).replace(/^\{(.*)\}$/, '$1'), parts[i + 1] as string)
  return { kind: 'macros', of: String.fromCharCode(data[0] as number), values }
}

/** Host name, family, port, address; of an unknown or local client only the first two. */
function connected(data: Buffer): Packet | 'bad' {
  const end = data.indexOf(0)
  if (end < 0 || end + 1 >= data.length) return 'bad'
  const family = String.fromCharCode(data[end + 1] as number)
  const [address = ''] = data.length >= end + 4 ? strings(data.subarray(end + 4)) : []
  const port = data.length >= end + 4 ? data.readUInt16BE(end + 2) : 0
  // Sendmail writes IPv6:2001:db8::1.
  return { kind: 'connect', family, address: address.replace(/^IPv6:/i, ''), port }
}

const withoutBrackets = (path: string): string => path.replace(/^<([^]*)>$/, '$1')

/** What we say. */
export type Reply =
  | {
      readonly kind: 'negotiate'
      readonly version: number
      readonly actions: number
      readonly steps: number
      /** Macros that we want, with numbers of `mfapi.h` for the step that they come before. */
      readonly macros: readonly { readonly before: number; readonly names: string }[]
    }
  | { readonly kind: 'continue' | 'tempfail' | 'discard' }
  /** A whole SMTP reply: `550 5.7.1 Text`. */
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'quarantine'; readonly reason: string }
  /** In front of the header field that is now at this place; 0 is the top. */
  | {
      readonly kind: 'insert-header'
      readonly at: number
      readonly name: string
      readonly value: string
    }
  /** Of the fields of that name, this one: the first is 1. */
  | { readonly kind: 'delete-header'; readonly name: string; readonly which: number }

export function encode(reply: Reply): Uint8Array {
  switch (reply.kind) {
    case 'negotiate':
      return packet(
        'O',
        uint32(reply.version),
        uint32(reply.actions),
        uint32(reply.steps),
        ...reply.macros.flatMap(({ before, names }) => [uint32(before), string(names)]),
      )
    case 'continue':
      return packet('c')
    case 'tempfail':
      return packet('t')
    case 'discard':
      return packet('d')
    case 'reply':
      // The server takes the text for a format, in which `%` must be doubled.
      return packet('y', string(reply.text.replaceAll('%', '%%')))
    case 'quarantine':
      return packet('q', string(reply.reason))
    case 'insert-header':
      return packet('i', uint32(reply.at), string(reply.name), string(reply.value))
    case 'delete-header':
      return packet('m', uint32(reply.which), string(reply.name), string(''))
    default:
      return reply satisfies never
  }
}

function packet(letter: string, ...parts: readonly Buffer[]): Uint8Array {
  const data = Buffer.concat([Buffer.from(letter, 'latin1'), ...parts])
  return Buffer.concat([uint32(data.length), data])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const string = (text: string): Buffer => Buffer.from(`${text.replaceAll('\0', '')}\0`, 'latin1')
