// What flow records say about our own lines: lines that go out on port 25, talk to many foreign submission servers, scan, call a machine
// that commands others, serve many, or flood. Windows of ten minutes; a line is told of once for each step.
// Sampled flows are good for counting different destinations, and for nothing that is a share of a whole: no shares here.

import { MINUTE } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { TrafficSign } from '../../model/traffic-sign.ts'
import type { ContactList } from './contact-list.ts'
import { DifferentOnes } from './different-ones.ts'
import { type Moment, SAME_CLOCK, seenAt, type SeenAt } from '../../wire/teller-clock.ts'
import { addressText, FLAGS, type Flow, type FlowAddress, inPrefixes, TCP } from './flow.ts'

export type FlowWatchSettings = {
  /** `flows.realm`, main by default. */
  readonly realm: string
  /** Prefixes of our own lines: `flows.networks`, nothing by default; the consumers of `nftables` when empty. */
  readonly networks: readonly string[]
  /** Our own servers, going to which says nothing: `flows.servers`, nothing by default; the servers of `nftables` when empty. */
  readonly servers: readonly string[]
  /**
   * The network keeps a line from sending with a neighbour's address: `flows.antiSpoofed`, false by default; false: flow records are no
   * evidence.
   */
  readonly antiSpoofed: boolean
  /** `closed`: what has no answer on port 25 was refused on the way (`flows.port25`, open by default, open or closed). */
  readonly port25: 'open' | 'closed'
}

export type FlowWatch = {
  /** `moment`: when the packet that it came in was sent, in our time; by our clock without. */
  see(flow: Flow, now: number, moment?: Moment): void
  /** Lines that are looked at just now. */
  readonly watched: number
}

/**
 * Different addresses in ten minutes at which a sign is reported; the cells of docs/evidence.md have the same numbers. A person uses three
 * submission servers at most, does not mean to call twenty machines that do not answer on one such port, and serves no fifty strangers on a
 * well-known port.
 */
export const STEPS: Readonly<Record<TrafficSign, readonly number[]>> = {
  'submission-fan-out': [5, 15],
  scan: [20, 100],
  'command-contact': [1],
  'serves-many': [50],
  flood: [1],
}
/** Packets. A flood is so many to one address within one flow record … */
const FLOOD_PACKETS = 600_000
/** … of so many bytes at most, on average. */
const FLOOD_BYTES = 200

/** TCP ports that worms and password guessers try. A scan of others is not reported: file sharing calls many machines that are away. */
const SCANNED = new Set([
  21, 22, 23, 80, 110, 135, 139, 143, 443, 445, 1433, 2323, 3306, 3389, 5432, 5555, 5900, 6379,
  7547, 8080, 37215,
])
/** TCP ports of submission. */
const SUBMISSION = new Set([465, 587])
/** The highest port on which a service at home is reported: games and file sharing open higher ones. */
const MAX_SERVED_PORT = 1023

/** Servers on port 25 that are reported of one line in a window. */
const MAX_MAIL_SERVERS = 256

/**
 * Each kind of sign has room of its own: what outsiders make of a line (who knocks at it, and on which ports) takes no place of what the
 * line does itself, and a scan none of its mail. All are full at some 200 MB.
 */
const SCANS = { lines: 500_000, remembered: 800_000, counts: SCANNED.size }
const TALKS = { lines: 500_000, remembered: 800_000, counts: 64 }
const GUESTS = { lines: 250_000, remembered: 400_000, counts: 16 }

export type FlowHearers = {
  readonly report: (event: NewEvent) => void
  readonly contacts: ContactList
}

export function flowWatch(settings: FlowWatchSettings, hearers: FlowHearers): FlowWatch {
  return new Watch(settings, hearers)
}

/** The line to report, and for what. */
type Sight = {
  readonly at: number
  readonly port: number
  readonly line: FlowAddress
  readonly other: FlowAddress
  readonly list?: string
}

class Watch implements FlowWatch {
  readonly #settings: FlowWatchSettings
  readonly #report: FlowHearers['report']
  readonly #contacts: ContactList
  readonly #isOurs: (address: FlowAddress) => boolean
  readonly #isServer: (address: FlowAddress) => boolean
  readonly #scans = new DifferentOnes(SCANS)
  readonly #talks = new DifferentOnes(TALKS)
  readonly #guests = new DifferentOnes(GUESTS)
  /** The earliest time of the flow that is looked at. */
  #since: number | undefined

  constructor(settings: FlowWatchSettings, { report, contacts }: FlowHearers) {
    this.#settings = settings
    this.#report = report
    this.#contacts = contacts
    this.#isOurs = inPrefixes(settings.networks)
    this.#isServer = inPrefixes(settings.servers)
  }

  get watched(): number {
    return Math.max(this.#scans.lines, this.#talks.lines, this.#guests.lines)
  }

  see(flow: Flow, now: number, moment?: Moment): void {
    const outward = this.#isOurs(flow.source)
    // What goes to our own servers says nothing.
    if (outward ? this.#isServer(flow.destination) : !this.#isOurs(flow.destination)) return
    for (const counts of [this.#scans, this.#talks, this.#guests]) counts.turn(now)
    const seen = timeOf(flow, now, moment)
    this.#since = seen.since
    if (outward) this.#outgoing(flow, seen.at)
    else this.#incoming(flow, seen.at)
  }

  #outgoing(flow: Flow, at: number): void {
    const { destination: other, destinationPort: port, protocol, flags } = flow
    const seen = { at, port, line: flow.source, other }
    const listing = this.#contacts.size > 0 ? this.#contacts.find(other, port) : undefined
    // One knock at a shared address says little; a talk says enough, and so does one knock at an address that its feed saw answer lately.
    if (listing && (listing.online || flow.packets > 2))
      this.#tell('command-contact', flow, { ...seen, list: listing.list })
    if (flow.packets * flow.sampling >= FLOOD_PACKETS && flow.bytes <= flow.packets * FLOOD_BYTES)
      this.#tell('flood', flow, { ...seen, port: 0 })
    if (protocol !== TCP) return
    const unanswered = (flags & FLAGS.syn) !== 0 && (flags & (FLAGS.ack | FLAGS.psh)) === 0
    if (port === 25) this.#attempt(flow, at, unanswered ? 'unanswered' : 'answered')
    else if (unanswered && SCANNED.has(port)) this.#tell('scan', flow, seen)
    // The line began the talk: a line that is only knocked at from such a port answers with a reset.
    else if (SUBMISSION.has(port) && !unanswered && (flags & FLAGS.syn) !== 0)
      this.#tell('submission-fan-out', flow, { ...seen, port: 587 })
  }

  #incoming(flow: Flow, at: number): void {
    const { destinationPort: port } = flow
    const opened = (flow.flags & FLAGS.syn) !== 0 && (flow.flags & FLAGS.ack) !== 0
    if (flow.protocol !== TCP || port > MAX_SERVED_PORT || !opened) return
    this.#tell('serves-many', flow, { at, port, line: flow.destination, other: flow.source })
  }

  #tell(sign: TrafficSign, flow: Flow, { at, port, line, other, list }: Sight): void {
    const steps = STEPS[sign]
    const most = steps[steps.length - 1] as number
    const found = this.#countsOf(sign).count(line, `${sign} ${port}`, { other, most })
    if (found === undefined || !steps.includes(found)) return
    this.#report({
      kind: 'traffic-seen',
      at,
      who: this.#who(line, line === flow.source ? flow.sourcePort : flow.destinationPort),
      sign,
      port,
      other: addressText(other),
      count: found,
      antiSpoofed: this.#settings.antiSpoofed,
      ...(flow.sampling > 1 ? { sampling: flow.sampling } : {}),
      ...(list === undefined ? {} : { list }),
    })
  }

  #countsOf(sign: TrafficSign): DifferentOnes {
    if (sign === 'scan') return this.#scans
    return sign === 'serves-many' ? this.#guests : this.#talks
  }

  #attempt(flow: Flow, at: number, ended: 'answered' | 'unanswered'): void {
    const { source, sourcePort, destination: other } = flow
    const counted = this.#talks.count(source, 'port 25', { other, most: MAX_MAIL_SERVERS })
    if (counted === undefined) return
    const { antiSpoofed, port25 } = this.#settings
    this.#report({
      kind: 'egress-attempt',
      at,
      who: this.#who(source, sourcePort),
      destination: addressText(other),
      port: 25,
      // One direction of a talk can be forged by a neighbour; whether that is possible is for the network to say.
      completed: false,
      antiSpoofed,
      outcome: port25 === 'closed' && ended === 'unanswered' ? 'refused' : 'passed',
    })
  }

  #who(address: FlowAddress, port: number) {
    const { realm } = this.#settings
    const since = this.#since
    return {
      realm,
      address: addressText(address),
      port,
      sure: 'unknown' as const,
      ...(since === undefined ? {} : { since }),
    }
  }
}

/** How old a flow record may be: an exporter's clock may be wrong, and an older time is taken to be now. */
const BELIEVED = 30 * MINUTE

/** By the clock of its exporter, put into our time. */
function timeOf({ endedAt, sentAt }: Flow, now: number, moment: Moment | undefined): SeenAt {
  if (endedAt === 0) return { at: now }
  const behind = moment === undefined ? 0 : moment.at - sentAt
  const ended = endedAt + behind
  // The flow ends later than the packet that tells of it: the exporter contradicts itself.
  if (ended > now + SAME_CLOCK) return { at: now, since: now - BELIEVED }
  const at = Math.min(now, ended)
  // That is long over, and the line may have another holder since.
  if (at <= now - BELIEVED) return { at: now, since: at }
  return moment ? seenAt({ at, skew: moment.skew, late: moment.late }, now) : { at }
}
