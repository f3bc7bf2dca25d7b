// The log of a carrier-grade NAT that gives its homes blocks of ports as they need them: syslog over UDP, one line when a block is given
// and one when it is taken back. Each is a lease of a part of an outside address. How a line reads is the operator's to say, with
// Juniper's as it comes.

import { canonicalIp } from '../../model/ip.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import { listenUdp } from '../../wire/udp-listener.ts'

export type NatLogSettings = {
  readonly address: string
  readonly port: number
  readonly sources: readonly string[]
  /** Address space of the outside addresses, and of those inside. */
  readonly realm: string
  readonly insideRealm: string
  /** With {inside}, {outside}, {first} and {last} in them. */
  readonly given: string
  readonly taken: string
}

export type NatLogParts = {
  readonly moveLeases: MoveLeases
  readonly leases: Pick<Leases, 'holderAt'>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type NatLog = {
  readonly port: number
  readonly counts: {
    readonly [what in 'given' | 'taken' | 'other' | 'unknown' | 'strangers']: number
  }
  close(): Promise<void>
}

export type Block = {
  readonly kind: 'given' | 'taken'
  readonly inside: string
  readonly outside: string
  readonly ports: readonly [number, number]
}

/** Lines that come together are written together. */
const TOGETHER = 20
const MAX_WAITING = 100_000

/** Reads lines as they are written there. Undefined for any other line. */
export function blockReader({
  given,
  taken,
}: Pick<NatLogSettings, 'given' | 'taken'>): (line: string) => Block | undefined {
  const patterns = [
    { kind: 'given', pattern: patternOf(given) },
    { kind: 'taken', pattern: patternOf(taken) },
  ] as const
  return line => {
    for (const { kind, pattern } of patterns) {
      const groups = pattern.exec(line)?.groups
      const [inside, outside] = [groups?.['inside'], groups?.['outside']].map(
        text => text && canonicalIp(text),
      )
      const [first, last] = [Number(groups?.['first']), Number(groups?.['last'])]
      if (inside && outside && first >= 0 && first <= last && last < 65_536)
        return { kind, inside, outside, ports: [first, last] }
    }
    return undefined
  }
}

const FIELDS: Readonly<Record<string, string>> = {
  // At most an IPv4 address in an IPv6 one: a line of dots and colons is looked at once.
  inside: '[0-9a-fA-F.:]{2,45}?',
  outside: '[0-9a-fA-F.:]{2,45}?',
  first: '\\d{1,5}',
  last: '\\d{1,5}',
}

/** `template` with its fields in braces, as what finds it in a line. */
export function patternOf(template: string): RegExp {
  const source = template
    .split(/(\{(?:inside|outside|first|last)\})/)
    .map(part => {
      const name = part.slice(1, -1)
      if (part.startsWith('{') && FIELDS[name]) return `(?<${name}>${FIELDS[name]})`
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s{1,20}')
    })
    .join('')
  return new RegExp(`${source}(?!\\d)`)
}

export async function openNatLog(settings: NatLogSettings, parts: NatLogParts): Promise<NatLog> {
  const { realm, insideRealm } = settings
  const read = blockReader(settings)
  const counts = { given: 0, taken: 0, other: 0, unknown: 0, strangers: 0 }
  let waiting: LeaseChange[] = []
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    const changes = waiting
    waiting = []
    return parts.moveLeases(changes).catch(error => parts.trouble(error, 'the log of a NAT'))
  }
  const hear = (line: string, at: number) => {
    const block = read(line)
    if (!block) return void counts.other++
    counts[block.kind]++
    const { subscriber } = parts.leases.holderAt(insideRealm, block.inside, undefined, at)
    if (subscriber === undefined || waiting.length >= MAX_WAITING) return void counts.unknown++
    const prefix = `${block.outside}/${block.outside.includes(':') ? 128 : 32}`
    const lease: Lease = { realm, prefix, ports: block.ports, subscriber, from: at }
    if (waiting.length === 0) timer = setTimeout(() => void tell(), TOGETHER)
    waiting.push(
      block.kind === 'given'
        ? { kind: 'open', lease }
        : { kind: 'close', lease: { ...lease, to: at } },
    )
    return undefined
  }
  const udp = await listenUdp(settings, {
    heard: bytes => {
      const at = parts.now()
      for (const line of bytes.toString('latin1').split('\n'))
        if (line.trim() !== '') hear(line, at)
    },
    stranger: () => void counts.strangers++,
    trouble: error => parts.trouble(error, 'the log of a NAT'),
  })
  return {
    port: udp.port,
    counts,
    close: async () => {
      await udp.close()
      clearTimeout(timer)
      // What was heard is told now: afterwards there is nobody to tell.
      if (waiting.length > 0) await tell()
    },
  }
}
