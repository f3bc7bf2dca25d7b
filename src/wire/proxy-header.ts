// The PROXY protocol, versions 1 and 2: the client's real address, told by a relay we trust. Pure; bytes in.
// Source: "The PROXY protocol", HAProxy, 2020-03-05, §2.1 and §2.2.

import { formatIp, parseIp } from '../model/ip.ts'

export type Endpoint = { readonly address: string; readonly port: number }
export type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly why: string }
  /** `source` is absent for LOCAL and UNKNOWN: the relay speaks for itself (a health check). */
  | {
      readonly kind: 'ok'
      readonly length: number
      readonly source?: Endpoint
      readonly destination?: Endpoint
    }

const SIGNATURE = Buffer.from([
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
])
/** §2.1: a version 1 line has at most 107 bytes. */
const MAX_V1 = 107
/** Room for addresses and a few extensions; the length field would allow 64 KiB of them. */
const MAX_V2 = 1024

/** Reads a header at the start of `bytes`. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (bytes.length === 0) return { kind: 'more' }
  const start = bytes.subarray(0, SIGNATURE.length)
  if (start.equals(SIGNATURE.subarray(0, start.length))) {
    return start.length < SIGNATURE.length ? { kind: 'more' } : version2(bytes)
  }
  return version1(bytes)
}

function version1(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf('\r\n')
  if (end < 0) {
    const possible =
      'PROXY '.startsWith(bytes.toString('latin1', 0, 6)) ||
      bytes.toString('latin1', 0, 6) === 'PROXY '
    return possible && bytes.length < MAX_V1
      ? { kind: 'more' }
      : { kind: 'bad', why: 'no PROXY header' }
  }
  const words = bytes.toString('latin1', 0, end).split(' ')
  if (words[0] !== 'PROXY' || end + 2 > MAX_V1) return { kind: 'bad', why: 'no PROXY header' }
  if (words[1] === 'UNKNOWN') return { kind: 'ok', length: end + 2 }
  const [, family, from, to, fromPort, toPort] = words
  const source = endpoint(from, fromPort)
  const destination = endpoint(to, toPort)
  const wrong =
    words.length !== 6 || (family !== 'TCP4' && family !== 'TCP6') || !source || !destination
  return wrong
    ? { kind: 'bad', why: 'malformed PROXY line' }
    : { kind: 'ok', length: end + 2, source, destination }
}

function version2(bytes: Buffer): ProxyHeader {
  if (bytes.length < 16) return { kind: 'more' }
  const command = bytes.readUInt8(12)
  const family = bytes.readUInt8(13)
  const length = 16 + bytes.readUInt16BE(14)
  if (command >> 4 !== 2 || (command & 15) > 1)
    return { kind: 'bad', why: 'unknown PROXY version or command' }
  if (length > MAX_V2) return { kind: 'bad', why: 'PROXY header too long' }
  if (bytes.length < length) return { kind: 'more' }
  if ((command & 15) === 0) return { kind: 'ok', length }
  const size = family === 0x11 ? 4 : family === 0x21 ? 16 : 0
  if (size === 0 || length < 16 + 2 * size + 4)
    return { kind: 'bad', why: 'PROXY address family is not TCP' }
  const ports = 16 + 2 * size
  return {
    kind: 'ok',
    length,
    source: {
      address: binaryAddress(bytes.subarray(16, 16 + size)),
      port: bytes.readUInt16BE(ports),
    },
    destination: {
      address: binaryAddress(bytes.subarray(16 + size, ports)),
      port: bytes.readUInt16BE(ports + 2),
    },
  }
}

/** Writes a version 2 header: what our own relays send. */
export function proxyHeader(source: Endpoint, destination: Endpoint): Buffer {
  const from = parseIp(source.address)
  const to = parseIp(destination.address)
  if (!from || !to) throw new Error(`not addresses: ${source.address}, ${destination.address}`)
  const six = from.family === 6 || to.family === 6
  const size = six ? 16 : 4
  const header = Buffer.alloc(16 + 2 * size + 4)
  SIGNATURE.copy(header)
  header.writeUInt8(0x21, 12)
  header.writeUInt8(six ? 0x21 : 0x11, 13)
  header.writeUInt16BE(2 * size + 4, 14)
  writeAddress(header, 16, size, from)
  writeAddress(header, 16 + size, size, to)
  header.writeUInt16BE(source.port, 16 + 2 * size)
  header.writeUInt16BE(destination.port, 18 + 2 * size)
  return header
}

function writeAddress(
  to: Buffer,
  at: number,
  size: number,
  ip: { family: 4 | 6; value: bigint },
): void {
  // An IPv4 address beside an IPv6 one is written mapped (RFC 4291 §2.5.5.2).
  const value = size === 16 && ip.family === 4 ? 0xffff00000000n | ip.value : ip.value
  for (let i = 0; i < size; i++) to[at + i] = Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn)
}

function binaryAddress(bytes: Buffer): string {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  if (bytes.length === 4) return formatIp({ family: 4, value })
  return value >> 32n === 0xffffn
    ? formatIp({ family: 4, value: value & 0xffffffffn })
    : formatIp({ family: 6, value })
}

function endpoint(address: string | undefined, port: string | undefined): Endpoint | undefined {
  const ip = address === undefined ? undefined : parseIp(address)
  if (!ip || port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65535) return undefined
  return { address: formatIp(ip), port: Number(port) }
}
