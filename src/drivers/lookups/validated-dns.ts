// Questions whose answers must be signed (DNSSEC): asked with DO, and believed where the answer has AD (RFC 4035 §3.2.3). node:dns does not show it.
// A machine on the way could set AD, so only a resolver on this machine is asked.

import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { isLoopback } from '../../model/ip.ts'
import { nameBytes } from '../../wire/dns/reply.ts'
import { legalName, PATIENCE } from './node-resolver.ts'

export const DNS_TYPE = { a: 1, ns: 2, cname: 5, mx: 15, aaaa: 28, tlsa: 52 } as const
export type DnsType = (typeof DNS_TYPE)[keyof typeof DNS_TYPE]

export type ValidatedAnswer = {
  /** The resolver says that it is signed, also where nothing is there. */
  readonly secure: boolean
  /** 0 no error, 2 no answer, or a signature that is wrong, 3 no such name. */
  readonly code: number
  /** What the records of the type have in them; of MX the name whole, however the answer shortened it. */
  readonly data: readonly Buffer[]
  /** Of the first of them, which is another name than the one that was asked where that is an alias; lower case, without a dot at the end. */
  readonly owner: string
}

/** The root is the empty name. Rejects where the resolver does not answer. */
export type ValidatedDns = (name: string, type: DnsType) => Promise<ValidatedAnswer>

const PORT = 53
const ATTEMPTS = 2
const HEADER = 12
/** Octets: what fits into one packet on every way; more comes over TCP. */
const UDP_SIZE = 1232
/** Labels of a name and pointers in it: 127 labels fill 255 octets. */
const MAX_STEPS = 255
/** Records looked at in one answer; there are more in none that is meant well. */
const MAX_RECORDS = 100
const [TRUNCATED, AUTHENTIC] = [0x02, 0x20]
const DNSSEC_OK = 0x80

/** Docker's, which hands on what resolvers elsewhere say, their AD included. */
const HANDS_ON = '127.0.0.11'

type DnsServer = { readonly host: string; readonly port: number }

/** Asks the first of these servers that is on this machine (`address`, `address:port`, `[address]:port`); undefined where none is. */
export function validatedDns(servers: readonly string[]): ValidatedDns | undefined {
  const server = servers.map(placeOf).find(({ host }) => isLoopback(host) && host !== HANDS_ON)
  return server && ((name, type) => ask(server, question(name, type)))
}

function placeOf(text: string): DnsServer {
  const [, six, sixPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? []
  if (six !== undefined) return { host: six, port: Number(sixPort ?? PORT) }
  const [, four, fourPort] = /^([\d.]+):(\d+)$/.exec(text) ?? []
  return four === undefined ? { host: text, port: PORT } : { host: four, port: Number(fourPort) }
}

async function ask(server: DnsServer, query: Buffer): Promise<ValidatedAnswer> {
  let answer = await overUdp(server, query)
  if (((answer[2] ?? 0) & TRUNCATED) !== 0) answer = await overTcp(server, query)
  return read(answer, query.readUInt16BE(query.length - OPT.length - 4))
}

/** RFC 6891 §6.1.2: the root's name, OPT, size, extended code, version, flags with DO, no data. */
const OPT = Buffer.from([0, 0, 41, UDP_SIZE >> 8, UDP_SIZE & 255, 0, 0, DNSSEC_OK, 0, 0, 0])

function question(name: string, type: DnsType): Buffer {
  const head = Buffer.from([0, 0, 0x01, AUTHENTIC, 0, 1, 0, 0, 0, 0, 0, 1])
  head.writeUInt16BE(randomInt(65_536))
  const asked = nameBytes(name === '' ? '' : legalName(name))
  return Buffer.concat([head, asked, Buffer.from([0, type, 0, 1]), OPT])
}

/** Whether it answers this question: id, and the question as it was asked. */
function isAnswer(answer: Buffer, query: Buffer): boolean {
  const end = query.length - OPT.length
  return (
    answer.length >= end &&
    ((answer[2] ?? 0) & 0x80) !== 0 &&
    answer.readUInt16BE() === query.readUInt16BE() &&
    answer.subarray(HEADER, end).equals(query.subarray(HEADER, end))
  )
}

function overUdp({ host, port }: DnsServer, query: Buffer): Promise<Buffer> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  return new Promise<Buffer>((resolve, reject) => {
    let sent = 0
    const send = () => {
      if (sent++ === ATTEMPTS) reject(new Error('the resolver does not answer'))
      else socket.send(query)
    }
    const timer = setInterval(send, PATIENCE)
    socket
      .once('close', () => clearInterval(timer))
      .once('error', reject)
      .on('message', answer => {
        if (isAnswer(answer, query)) resolve(answer)
      })
      .connect(port, host, send)
  }).finally(() => socket.close())
}

function overTcp(server: DnsServer, query: Buffer): Promise<Buffer> {
  const socket = connect(server)
  return new Promise<Buffer>((resolve, reject) => {
    let heard: Buffer = Buffer.alloc(0)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket
      .setTimeout(PATIENCE, () => reject(new Error('the resolver does not answer over TCP')))
      .once('error', reject)
      .once('close', () => reject(new Error('the resolver broke off')))
      .on('data', chunk => {
        // A length of two octets bounds it.
        heard = Buffer.concat([heard, chunk])
        const whole = heard.length < 2 ? Infinity : 2 + heard.readUInt16BE()
        if (heard.length < whole) return
        const answer = heard.subarray(2, whole)
        if (isAnswer(answer, query)) resolve(answer)
        else reject(new Error('the resolver answers something else'))
      })
      .write(Buffer.concat([length, query]))
  }).finally(() => socket.destroy())
}

/** Throws where the answer cannot be read to its end. */
function read(answer: Buffer, type: number): ValidatedAnswer {
  const flags = answer.readUInt16BE(2)
  const count = Math.min(MAX_RECORDS, answer.readUInt16BE(6))
  const data: Buffer[] = []
  let owner: string | undefined
  let at = behindName(answer, HEADER) + 4
  for (let i = 0; i < count; i++) {
    const begin = at
    at = behindName(answer, at)
    const length = answer.readUInt16BE(at + 8)
    const end = at + 10 + length
    if (end > answer.length) throw new Error('the resolver’s answer is cut')
    if (answer.readUInt16BE(at) === type) {
      owner ??= nameAt(answer, begin)
      data.push(
        type === DNS_TYPE.mx
          ? wholeMx(answer, at + 10)
          : Buffer.from(answer.subarray(at + 10, end)),
      )
    }
    at = end
  }
  const code = flags & 15
  return { secure: (flags & AUTHENTIC) !== 0, code, data, owner: owner ?? nameAt(answer, HEADER) }
}

/** Its labels, or some and a pointer; a name has at most 255 octets. */
function behindName(answer: Buffer, from: number): number {
  let at = from
  for (;;) {
    const octets = answer.readUInt8(at)
    if (octets === 0) return at + 1
    if (octets >= 0xc0) return at + 2
    at += octets + 1
  }
}

/** Preference, and the name. */
const wholeMx = (answer: Buffer, at: number): Buffer =>
  Buffer.concat([answer.subarray(at, at + 2), Buffer.from(nameAt(answer, at + 2))])

/** In lower case; what is not of a legal name is a backslash, which no legal name has. Throws where it is longer than a name may be. */
function nameAt(answer: Buffer, from: number): string {
  const labels: string[] = []
  let at = from
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const octets = answer.readUInt8(at)
    if (octets === 0) return labels.join('.').toLowerCase()
    if (octets >= 0xc0) {
      at = answer.readUInt16BE(at) & 0x3fff
    } else {
      const label = answer.subarray(at + 1, at + 1 + octets).toString('latin1')
      labels.push(label.replace(/[^\w-]/g, '\\'))
      at += octets + 1
    }
  }
  throw new Error('a name in the resolver’s answer has no end')
}
