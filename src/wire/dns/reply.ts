// Writes an answer of the DNS into a buffer that is used again: the question as it was asked, its case included (0x20), records whose names
// point into it, and OPT where the client sent one. An answer that is longer than the client takes is cut to the question, with TC.

import { HEADER, type Query, RCODE, TYPE } from './query.ts'

/** Octets of UDP that pass every network in one piece (DNS flag day 2020). */
export const MAX_UDP = 1232
const MAX_TCP = 65_535
const OPT_LENGTH = 11
const CLASS_IN = 1
const [AA, TC] = [0x04, 0x02]

export class DnsReply {
  readonly bytes = Buffer.alloc(4096)
  #length = 0
  #answers = 0
  #authorities = 0

  /** The header and the question. */
  begin(query: Query, asked: Uint8Array): void {
    const end = query.end === 0 ? HEADER : query.end
    for (let i = 0; i < end; i++) this.bytes[i] = asked[i] ?? 0
    this.#length = end
    this.#answers = 0
    this.#authorities = 0
  }

  /** A record with these data in the answer, its name at this place of the question. */
  answer(name: number, type: number, ttl: number, data: Uint8Array): void {
    this.#answers++
    this.#record(name, type, ttl, data)
  }

  authority(name: number, type: number, ttl: number, data: Uint8Array): void {
    this.#authorities++
    this.#record(name, type, ttl, data)
  }

  /** How long the whole answer is. `most`: octets that the client takes; none over TCP. */
  finish(query: Query, rcode: number, most = MAX_TCP): number {
    const { bytes } = this
    const opt = query.hasEdns ? OPT_LENGTH : 0
    const cut = this.#length + opt > most
    if (cut) {
      this.#length = query.end
      this.#answers = 0
      this.#authorities = 0
    }
    const authoritative = rcode === RCODE.noError || rcode === RCODE.nxDomain ? AA : 0
    bytes[2] = 0x80 | ((bytes[2] ?? 0) & 0x79) | authoritative | (cut ? TC : 0)
    bytes[3] = rcode & 15
    // Each count has two octets, and none of them is more than ten.
    bytes.fill(0, 4, HEADER)
    bytes[5] = query.end === 0 ? 0 : 1
    bytes[7] = this.#answers
    bytes[9] = this.#authorities
    bytes[11] = opt === 0 ? 0 : 1
    if (opt > 0) this.#opt(rcode >> 4, query.dnssecOk)
    return this.#length
  }

  #record(name: number, type: number, ttl: number, data: Uint8Array): void {
    const { bytes } = this
    const { length } = data
    // Byte by byte: the writers of Buffer check each time what is known here.
    let at = this.#length
    bytes[at++] = 0xc0 | (name >> 8)
    bytes[at++] = name
    bytes[at++] = 0
    bytes[at++] = type
    bytes[at++] = 0
    bytes[at++] = CLASS_IN
    bytes[at++] = ttl >> 24
    bytes[at++] = ttl >> 16
    bytes[at++] = ttl >> 8
    bytes[at++] = ttl
    bytes[at++] = length >> 8
    bytes[at++] = length
    for (let i = 0; i < length; i++) bytes[at++] = data[i] ?? 0
    this.#length = at
  }

  #opt(extended: number, dnssecOk: boolean): void {
    const { bytes } = this
    let at = bytes.writeUInt8(0, this.#length)
    at = bytes.writeUInt16BE(TYPE.opt, at)
    at = bytes.writeUInt16BE(MAX_UDP, at)
    at = bytes.writeUInt8(extended, at)
    at = bytes.writeUInt8(0, at)
    at = bytes.writeUInt16BE(dnssecOk ? 0x8000 : 0, at)
    this.#length = bytes.writeUInt16BE(0, at)
  }
}

/** A name as it is written out in a record. */
export function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter(label => label !== '')
  return Buffer.concat([
    ...labels.map(label => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')])),
    Buffer.of(0),
  ])
}

/** One string of a TXT record, 255 octets at most. */
export function textBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8').subarray(0, 255)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}
