// IP addresses and prefixes as values: parse, print in one canonical form, mask, compare.
// No look-ups here, and no Node imports: `net.isIP` would do half of this and keep us from a pure model.

/** A parsed address. `value` is the address as an unsigned integer of 32 or 128 bits. */
export type Ip = { readonly family: 4 | 6; readonly value: bigint }
/** A parsed prefix, host bits cleared. */
export type Prefix = Ip & {
  /** Its length: 0 to 32, or to 128 of IPv6. */
  readonly bits: number
}

/** Parses an IPv4 or IPv6 address; IPv4-mapped IPv6 becomes IPv4. Anything else is undefined. */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIp6(text) : parseIp4(text)
}

/** One spelling for every address (RFC 5952 for IPv6), or undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
  // An IPv4 address has one spelling, and nearly all addresses are IPv4.
  if (!text.includes(':')) return number4(text) < 0 ? undefined : text
  const ip = parseIp(text)
  return ip && formatIp(ip)
}

/** Prints an address: dotted for IPv4, RFC 5952 for IPv6. */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) {
    const n = Number(ip.value)
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`
  }
  const groups = Array.from({ length: 8 }, (_, i) =>
    Number((ip.value >> BigInt(112 - 16 * i)) & 0xffffn),
  )
  const run = longestZeroRun(groups)
  const hex = (part: number[]) => part.map(g => g.toString(16)).join(':')
  if (run.length < 2) return hex(groups)
  return `${hex(groups.slice(0, run.start))}::${hex(groups.slice(run.start + run.length))}`
}

/** Parses `address/bits`, or a bare address as a full-length prefix. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/')
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash))
  if (!ip) return undefined
  const full = ip.family === 4 ? 32 : 128
  if (slash < 0) return { ...ip, bits: full }
  const tail = text.slice(slash + 1)
  if (!/^\d{1,3}$/.test(tail) || Number(tail) > full) return undefined
  const bits = Number(tail)
  return { family: ip.family, value: maskValue(ip, bits), bits }
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix)}/${prefix.bits}`
}

/** The address whose first `bits` are ones. */
export function prefixMask(family: 4 | 6, bits: number): Ip {
  const full = family === 4 ? 32 : 128
  return { family, value: maskValue({ family, value: (1n << BigInt(full)) - 1n }, bits) }
}

export function contains(prefix: Prefix, ip: Ip): boolean {
  return prefix.family === ip.family && maskValue(ip, prefix.bits) === prefix.value
}

/**
 * The network an address belongs to when people are counted by network: /24 and /48 by default,
 * because an access provider moves one customer around inside about that much space.
 */
export function maskIp(text: string, bits4 = 24, bits6 = 48): string {
  // The common case is cut from the text: this runs for every recipient of every message.
  if (bits4 === 24 && !text.includes(':')) return `${text.slice(0, text.lastIndexOf('.'))}.0/24`
  const ip = parseIp(text)
  if (!ip) return text
  const bits = ip.family === 4 ? bits4 : bits6
  return formatPrefix({ family: ip.family, value: maskValue(ip, bits), bits })
}

/**
 * In place of a client's address that cannot be told (it is never a client's own): of no line and no network. Only a client that has
 * logged in is asked about under it.
 */
export const NO_ADDRESS = '0.0.0.0'

/** Of this machine itself (127.0.0.0/8 and ::1), in canonical form: every user of it comes from there. */
export const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === '::1'

/**
 * What one client can change by itself is one source, wherever sources are counted: an IPv4 address, an IPv6 /64 (a client with one
 * address of it has them all). `192.0.2.7`, `2001:db8:1:2::/64`.
 */
export function sourceOf(address: string): string {
  const ip = address.includes(':') ? parseIp(address) : undefined
  if (!ip) return address
  return ip.family === 4 ? formatIp(ip) : maskIp(address, 32, 64)
}

function maskValue(ip: Ip, bits: number): bigint {
  const drop = BigInt((ip.family === 4 ? 32 : 128) - bits)
  return (ip.value >> drop) << drop
}

function parseIp4(text: string): Ip | undefined {
  const value = number4(text)
  return value < 0 ? undefined : { family: 4, value: BigInt(value) }
}

/**
 * Four decimal parts only, and no zero in front of another digit: "0x7f.1" and "010.0.0.1" mean different things to
 * different programs. Its 32 bits as a number; negative when it is none.
 */
export function number4(text: string): number {
  let value = 0
  let part = -1
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit === DOT && part >= 0) {
      value = value * 256 + part
      part = -1
      dots++
      continue
    }
    if (digit < 0 || digit > 9 || part === 0) return -1
    part = part < 0 ? digit : part * 10 + digit
    if (part > 255) return -1
  }
  return dots === 3 && part >= 0 ? value * 256 + part : -1
}
/** As far from the digit 0 as it is in ASCII. */
const DOT = -2

function parseIp6(text: string): Ip | undefined {
  if (text.length > 45) return undefined
  let body = text
  const tail = body.slice(body.lastIndexOf(':') + 1)
  if (tail.includes('.')) {
    const four = parseIp4(tail)
    if (!four) return undefined
    const low = Number(four.value)
    body = `${body.slice(0, -tail.length)}${(low >>> 16).toString(16)}:${(low & 0xffff).toString(16)}`
  }
  const halves = body.split('::')
  if (halves.length > 2) return undefined
  const head = halves[0] ? halves[0].split(':') : []
  const rest = halves[1] ? halves[1].split(':') : []
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...rest]
  if (!groups.every(g => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined
  const value = groups.reduce((sum, g) => (sum << 16n) | BigInt(Number.parseInt(g, 16)), 0n)
  if (value >> 32n === 0xffffn) return { family: 4, value: value & 0xffffffffn }
  return { family: 6, value }
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let i = 0; i < groups.length; i++) {
    let end = i
    while (groups[end] === 0) end++
    if (end - i > best.length) best = { start: i, length: end - i }
    i = Math.max(i, end)
  }
  return best
}
