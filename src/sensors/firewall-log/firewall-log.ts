// The router's firewall log over TCP: one JSON object a line, as ulogd2's JSON output writes it. Addresses that
// knocked at a closed port 25, were redirected, or touched a decoy. Tells; asks nothing.

import { createServer, type Socket } from 'node:net'
import { canonicalIp } from '../../model/ip.ts'
import type { NewEvent } from '../../model/event.ts'
import { parseTime } from '../../model/time.ts'
import type { Engine } from '../../ports/engine.ts'
import { seenAt, type TellerClock } from '../../wire/teller-clock.ts'
import type { TellerClocks } from '../../wire/teller-clocks.ts'

export type FirewallLogSettings = {
  /** `firewallLog.address`, 127.0.0.1 by default. */
  readonly address: string
  /** TCP: `firewallLog.port`, must be given, 0 to 65535; 0: any free port. */
  readonly port: number
  /** `firewallLog.realm`, main by default. */
  readonly realm: string
  /** Routers whose lines are believed: `firewallLog.sources`, 127.0.0.1 by default. */
  readonly sources: readonly string[]
  /**
   * The network drops packets whose source address is not the sender's own (BCP 38): `firewallLog.antiSpoofed`, false by default; false:
   * packets alone are no evidence.
   */
  readonly antiSpoofed: boolean
}

export type Sensor = {
  readonly port: number
  /** A router is connected. */
  readonly connected: boolean
  /** Lines so far: told of, and such that are not ours or not whole. */
  readonly counts: { readonly [what in 'told' | 'other' | 'strangers']: number }
  close(): Promise<void>
}

/** A line of a firewall log is a few hundred bytes; a router that sends more is not one. */
const MAX_LINE = 4096

export type FirewallLogParts = {
  readonly report: Engine['report']
  readonly clocks: TellerClocks
  readonly now: () => number
}

export async function openFirewallLog(
  settings: FirewallLogSettings,
  parts: FirewallLogParts,
): Promise<Sensor> {
  const sockets = new Set<Socket>()
  const counts = { told: 0, other: 0, strangers: 0 }
  const server = createServer(socket => {
    if (!settings.sources.includes(canonicalIp(socket.remoteAddress ?? '') ?? '')) {
      counts.strangers++
      return socket.destroy()
    }
    sockets.add(socket)
    const clock = parts.clocks.of('firewall-log', canonicalIp(socket.remoteAddress ?? '') ?? '')
    let rest = ''
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > MAX_LINE) return socket.destroy()
        for (const line of lines) {
          const event = parseFirewallLine(line, settings, parts.now(), clock)
          if (event) parts.report(event)
          // Lines need have no stamp.
          if (event) clock.heardAt = parts.now()
          counts[event ? 'told' : 'other']++
        }
        return undefined
      })
      .on('error', () => socket.destroy())
      .on('close', () => sockets.delete(socket))
    return undefined
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.address, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : settings.port,
    counts,
    get connected() {
      return sockets.size > 0
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

type LogFields = Partial<Record<string, unknown>>

/** What a log prefix set by our own rules means (src/drivers/network/nftables/base-table.ts sets exactly these). */
type Outcome = 'refused' | 'redirected' | 'passed' | 'decoy'
const OUTCOMES: ReadonlyMap<string, Outcome> = new Map<string, Outcome>(
  Object.entries({
    'cordon refused': 'refused',
    'cordon redirected': 'redirected',
    // A table that an older Cordon has printed.
    'cordon turned-round': 'redirected',
    'cordon passed': 'passed',
    'cordon decoy': 'decoy',
  }),
)

/** One line that came `now`, as an event; undefined for a line that is not ours or not whole. Its own stamp is put into our time. */
export function parseFirewallLine(
  text: string,
  settings: Pick<FirewallLogSettings, 'realm' | 'antiSpoofed'>,
  now: number,
  clock: Pick<TellerClock, 'hear'>,
): NewEvent | undefined {
  let line: LogFields
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return undefined
    line = parsed
  } catch {
    return undefined
  }
  const source = canonicalIp(textOf(line['src_ip']))
  const destination = canonicalIp(textOf(line['dest_ip']))
  const outcome = OUTCOMES.get(textOf(line['oob.prefix']).trim())
  const port = Number(line['dest_port'])
  const sourcePort = Number(line['src_port'])
  if (!source || !destination || !outcome || !isPort(port) || !isPort(sourcePort)) return undefined
  const stamp = stampOf(line)
  const { at, since } = stamp === undefined ? { at: now } : seenAt(clock.hear(stamp, now), now)
  return {
    kind: 'egress-attempt',
    at,
    who: {
      realm: settings.realm,
      address: source,
      port: sourcePort,
      sure: 'unknown',
      ...(since === undefined ? {} : { since }),
    },
    destination,
    port,
    // A log of connection tracking says that the connection was established; a log of packets has seen a SYN and no more.
    completed: line['ct.established'] === true,
    antiSpoofed: settings.antiSpoofed,
    outcome,
  }
}

/** The kernel's own time of the packet, else when the line was written (ulogd2: `oob.time.sec` and `.usec`, `timestamp`). */
function stampOf(line: LogFields): number | undefined {
  const { 'oob.time.sec': seconds, 'oob.time.usec': micros } = line
  if (typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds > 0)
    return seconds * 1000 + (typeof micros === 'number' ? Math.floor(micros / 1000) : 0)
  // Without a colon in its zone, as strftime's %z writes it.
  return parseTime(
    textOf(line['timestamp'])
      .slice(0, 40)
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65_536
}
