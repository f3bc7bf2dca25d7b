// The log of a carrier-grade NAT that allocates blocks of ports to homes on demand: syslog over UDP, one line when a block is allocated
// and one when it is released. A block is a lease of some ports of an outside address. The operator configures the form of the lines;
// the default is Juniper's.

import { canonicalIp } from '../../model/ip.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import { type SeenAt, seenAt } from '../../wire/teller-clock.ts'
import type { Worry } from '../../wire/sensor.ts'
import type { TellerClocks } from '../../wire/teller-clocks.ts'
import { listenUdp } from '../../wire/udp-listener.ts'
import { blockReader, type BlockTemplates, syslogStamp } from './block-lines.ts'
import { inDoubt, movedBy } from './nat-blocks.ts'
import { unreadLines } from './unread-lines.ts'

export type NatLogSettings = BlockTemplates & {
  /** `natLog.address`, 0.0.0.0 by default. */
  readonly address: string
  /** UDP: `natLog.port`, 5514 by default, 0 to 65535; 0: any free port. */
  readonly port: number
  /** NATs that may send, each with its inside realm if it has its own. */
  readonly sources: readonly {
    /** One of `natLog.sources`, must be given. */
    readonly address: string
    /** Without it that of the section: `natLog.insideRealm`, main by default. */
    readonly insideRealm?: string | undefined
  }[]
  /** Of the outside addresses: `natLog.realm`, main by default. */
  readonly realm: string
  /** Of the inside addresses: `natLog.insideRealm`, main by default. */
  readonly insideRealm: string
}

export type NatLogParts = {
  readonly moveLeases: MoveLeases
  readonly leases: Pick<Leases, 'holderAt' | 'standing'> & { all(): Iterable<Lease> }
  readonly clocks: TellerClocks
  /** Time of the last line of a NAT, also from before a restart. */
  readonly heardOf: (source: string) => number | undefined
  readonly noteHeard: (source: string, at: number) => void
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export type NatLog = {
  readonly port: number
  readonly counts: {
    readonly [what in
      | 'allocated'
      | 'active'
      | 'released'
      | 'other'
      | 'unknown'
      | 'strangers']: number
  }
  worries(): readonly Worry[]
  close(): Promise<void>
}

/** ms. Lines that arrive within this are written in one transaction. */
const TOGETHER = 20
const MAX_WAITING = 100_000

/** ms between two notes of a NAT's last line. */
const NOTED = 60_000

export async function openNatLog(settings: NatLogSettings, parts: NatLogParts): Promise<NatLog> {
  const { realm, insideRealm } = settings
  const read = blockReader(settings)
  const counts = { allocated: 0, active: 0, released: 0, other: 0, unknown: 0, strangers: 0 }
  const unread = unreadLines()
  const realms = new Map(
    settings.sources.map(one => [
      canonicalIp(one.address) ?? one.address,
      one.insideRealm ?? insideRealm,
    ]),
  )
  const together = writtenTogether(parts)
  const hear = (line: string, seen: SeenAt, from: string) => {
    const block = read(line)
    unread.hear(from, line, block !== undefined)
    if (!block) return void counts.other++
    counts[block.kind]++
    if (together.isFull()) return void counts.unknown++
    // Waiting changes of this address are not in `leases` yet: write them first.
    together.tellIf(block.outside)
    const inside = realms.get(from) ?? insideRealm
    const moved = movedBy(block, seen, { realm, insideRealm: inside, leases: parts.leases })
    if (moved.unknown) counts.unknown++
    together.add(block.outside, moved.changes)
    return undefined
  }
  await parts.moveLeases(doubtedAtStart(realms, settings, parts))
  const heard = new Map<string, number>()
  const note = () => {
    for (const [source, at] of heard) parts.noteHeard(source, at)
  }
  const timer = setInterval(note, NOTED)
  timer.unref()
  const udp = await listenUdp(
    {
      address: settings.address,
      port: settings.port,
      sources: settings.sources.map(one => one.address),
    },
    {
      heard: (bytes, peer) => {
        const now = parts.now()
        const from = canonicalIp(peer.address) ?? peer.address
        heard.set(from, now)
        const clock = parts.clocks.of('nat-log', from)
        // Lines need have no stamp.
        clock.heardAt = now
        for (const line of bytes.toString('latin1').split('\n')) {
          if (line.trim() === '') continue
          const stamp = syslogStamp(line, now)
          hear(line, stamp === undefined ? { at: now } : seenAt(clock.hear(stamp, now), now), from)
        }
      },
      stranger: () => void counts.strangers++,
      trouble: error => parts.trouble(error, 'the log of a NAT'),
    },
  ).catch(error => {
    clearInterval(timer)
    throw error
  })
  return {
    port: udp.port,
    counts,
    worries: () => unread.worries(),
    close: async () => {
      clearInterval(timer)
      note()
      await udp.close()
      // Write the waiting changes before the sensor ends.
      await together.end()
    },
  }
}

/** Lines may have been lost while Cordon was down: each open lease is uncertain until a line confirms it. */
function doubtedAtStart(
  realms: ReadonlyMap<string, string>,
  { realm }: NatLogSettings,
  { leases, heardOf, now }: NatLogParts,
): readonly LeaseChange[] {
  return [...new Set(realms.values())].flatMap(insideRealm => {
    const sources = [...realms].filter(([, inside]) => inside === insideRealm)
    const last = Math.min(...sources.map(([source]) => heardOf(source) ?? now()))
    return inDoubt(leases.all(), { realm, insideRealm, since: () => last })
  })
}

/** Writes changes in batches; two changes of one address never in one batch, because the second depends on the result of the first. */
function writtenTogether({ moveLeases, trouble }: Pick<NatLogParts, 'moveLeases' | 'trouble'>) {
  let waiting: LeaseChange[] = []
  const touched = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    clearTimeout(timer)
    const changes = waiting
    waiting = []
    touched.clear()
    return moveLeases(changes).catch(error => trouble(error, 'the log of a NAT'))
  }
  return {
    isFull: () => waiting.length >= MAX_WAITING,
    tellIf: (outside: string) => {
      if (touched.has(outside)) void tell()
    },
    add: (outside: string, changes: readonly LeaseChange[]) => {
      if (changes.length === 0) return
      if (waiting.length === 0) timer = setTimeout(() => void tell(), TOGETHER)
      waiting.push(...changes)
      touched.add(outside)
    },
    end: async () => {
      clearTimeout(timer)
      if (waiting.length > 0) await tell()
    },
  }
}
