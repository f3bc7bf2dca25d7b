// What flow records say about our own lines: who goes where on port 25, who talks to many foreign submission servers, who scans, who
// calls a machine that commands others, who serves many, who floods. Windows of ten minutes; a line is told of once for each step.
// Sampled flows are good for counting different destinations, and for nothing that is a share of a whole: no shares here.

import { MINUTE } from '../../model/duration.ts'
import type { NewEvent, TrafficSign } from '../../model/event.ts'
import type { ContactList } from './contact-list.ts'
import { addressText, FLAGS, type Flow, type FlowAddress, inPrefixes, TCP } from './flow.ts'

export type FlowWatchSettings = {
  readonly realm: string
  /** Prefixes of our own lines. */
  readonly networks: readonly string[]
  /** Our own servers: going there says nothing. */
  readonly servers: readonly string[]
  readonly antiSpoofed: boolean
  /** `closed`: what has no answer on port 25 was refused on the way. */
  readonly port25: 'open' | 'closed'
}

export type FlowWatch = {
  see(flow: Flow, at: number): void
  /** Lines that are looked at just now. */
  readonly watched: number
}

const WINDOW = 10 * MINUTE
/** Lines in one window; what comes after is not looked at until the next. */
const MAX_LINES = 500_000
/** Addresses that are remembered in one window, of all lines together: some 200 MB. */
const MAX_SEEN = 2_000_000
/** Things that are counted of one line: signs and ports. */
const MAX_COUNTS = 16

/**
 * Different ones, in ten minutes, from which on they are told. Of submission servers a person uses three at the most; of machines that
 * do not answer on one such port nobody means to call twenty; a home serves no fifty strangers on a well-known port.
 */
const STEPS: Readonly<Record<TrafficSign, readonly number[]>> = {
  'submission-fan-out': [5, 15],
  scan: [20, 100],
  'command-contact': [1],
  'serves-many': [50],
  flood: [1],
}
/** Packets to one address within one record's time, and at most so large on average: nothing that people do. */
const FLOOD_PACKETS = 600_000
const FLOOD_BYTES = 200

/** Ports that worms and guessers try. Others are left alone: file sharing calls many machines that are away. */
const SCANNED = new Set([
  21, 22, 23, 80, 110, 135, 139, 143, 443, 445, 1433, 2323, 3306, 3389, 5432, 5555, 5900, 6379,
  7547, 8080, 37215,
])
const SUBMISSION = new Set([465, 587])
/** Not what games and file sharing open. */
const MAX_SERVED_PORT = 1023

type Line = Map<string, Set<FlowAddress>>

export function flowWatch(
  settings: FlowWatchSettings,
  {
    report,
    contacts,
  }: { readonly report: (event: NewEvent) => void; readonly contacts: ContactList },
): FlowWatch {
  const isOurs = inPrefixes(settings.networks)
  const isServer = inPrefixes(settings.servers)
  let lines = new Map<FlowAddress, Line>()
  let window = -1
  let remembered = 0

  /** The different ones so far; undefined when this one was seen, or when there is no more room. */
  const count = (line: FlowAddress, what: string, other: FlowAddress, most: number) => {
    const known = lines.get(line)
    if (!known && lines.size >= MAX_LINES) return undefined
    const mine = known ?? new Map<string, Set<FlowAddress>>()
    if (!known) lines.set(line, mine)
    const seen = mine.get(what)
    if (!seen && mine.size >= MAX_COUNTS) return undefined
    const others = seen ?? new Set<FlowAddress>()
    if (!seen) mine.set(what, others)
    if (others.size >= most || remembered >= MAX_SEEN || others.has(other)) return undefined
    remembered++
    return others.add(other).size
  }
  const who = (address: FlowAddress, port: number) => ({
    realm: settings.realm,
    address: addressText(address),
    port,
    sure: 'unknown' as const,
  })
  const told = (
    sign: TrafficSign,
    flow: Flow,
    seen: { at: number; port: number; line: FlowAddress; other: FlowAddress; list?: string },
  ) => {
    const steps = STEPS[sign]
    const most = steps[steps.length - 1] as number
    const found = count(seen.line, `${sign} ${seen.port}`, seen.other, most)
    if (found === undefined || !steps.includes(found)) return
    report({
      kind: 'traffic-seen',
      at: seen.at,
      who: who(seen.line, seen.line === flow.source ? flow.sourcePort : flow.destinationPort),
      sign,
      port: seen.port,
      other: addressText(seen.other),
      count: found,
      antiSpoofed: settings.antiSpoofed,
      ...(flow.sampling > 1 ? { sampling: flow.sampling } : {}),
      ...(seen.list === undefined ? {} : { list: seen.list }),
    })
  }
  const attempt = (flow: Flow, at: number, answered: boolean) => {
    if (count(flow.source, 'port 25', flow.destination, 256) === undefined) return
    report({
      kind: 'egress-attempt',
      at,
      who: who(flow.source, flow.sourcePort),
      destination: addressText(flow.destination),
      port: 25,
      // One direction of a talk can be forged by a neighbour; whether that is possible is for the network to say.
      completed: false,
      antiSpoofed: settings.antiSpoofed,
      outcome: settings.port25 === 'closed' && !answered ? 'refused' : 'passed',
    })
  }

  const outgoing = (flow: Flow, at: number) => {
    const { destination: other, destinationPort: port, protocol, flags } = flow
    const seen = { at, port, line: flow.source, other }
    const listing = contacts.size > 0 ? contacts.find(other, port) : undefined
    // One knock at a shared address says little; a talk, or an address that answered its finder lately, does.
    if (listing && (listing.online || flow.packets > 2))
      told('command-contact', flow, { ...seen, list: listing.list })
    if (flow.packets * flow.sampling >= FLOOD_PACKETS && flow.bytes <= flow.packets * FLOOD_BYTES)
      told('flood', flow, { ...seen, port: 0 })
    if (protocol !== TCP) return
    const unanswered = (flags & FLAGS.syn) !== 0 && (flags & (FLAGS.ack | FLAGS.psh)) === 0
    if (port === 25) attempt(flow, at, !unanswered)
    else if (unanswered && SCANNED.has(port)) told('scan', flow, seen)
    else if (SUBMISSION.has(port) && !unanswered)
      told('submission-fan-out', flow, { ...seen, port: 587 })
  }
  const incoming = (flow: Flow, at: number) => {
    const { destinationPort: port } = flow
    const opened = (flow.flags & FLAGS.syn) !== 0 && (flow.flags & FLAGS.ack) !== 0
    if (flow.protocol !== TCP || port > MAX_SERVED_PORT || !opened) return
    told('serves-many', flow, { at, port, line: flow.destination, other: flow.source })
  }

  return {
    see: (flow, now) => {
      const outward = isOurs(flow.source)
      // What goes to our own servers says nothing.
      if (outward ? isServer(flow.destination) : !isOurs(flow.destination)) return
      const turn = Math.floor(now / WINDOW)
      if (turn !== window) {
        window = turn
        lines = new Map()
        remembered = 0
      }
      const at = timeOf(flow, now)
      if (outward) outgoing(flow, at)
      else incoming(flow, at)
    },
    get watched() {
      return lines.size
    },
  }
}

/** Exporters' clocks may be wrong; what they tell is believed for the last half hour. */
const BELIEVED = 30 * MINUTE

const timeOf = ({ endedAt }: Flow, now: number): number =>
  endedAt > now - BELIEVED && endedAt <= now ? endedAt : now
