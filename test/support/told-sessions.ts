// Access servers that tell of sessions, with clocks of their own, as Cordon hears them; and who has an address by then.

import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { MINUTE, SECOND } from '../../src/model/duration.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { SessionNews } from '../../src/sensors/radius/accounting.ts'
import { AccountingSessions } from '../../src/sensors/radius/sessions.ts'
import { timeOf } from '../../src/sensors/radius/time-of-event.ts'
import { TellerClock } from '../../src/wire/teller-clock.ts'
import { lookupsOf } from './lease-lookups.ts'

const AT = Date.UTC(2026, 10, 28, 12)

type ToldPacket = {
  /** Seconds after the beginning: when it comes, and its stamp by the clock of its access server. */
  readonly now: number
  readonly stamp?: number | undefined
  readonly delay?: number
  readonly nas?: string
  readonly id?: string
}

/** Times are seconds after the beginning; addresses with a colon are prefixes. Each clock is known to be right unless `isKnown` is not so. */
export function toldSessions({ isKnown = true, interim = 10 * MINUTE } = {}) {
  const clocks = new Map<string, TellerClock>()
  let leases = memoryLeases()
  let sessions = begun()
  function begun() {
    return new AccountingSessions({ interim, subscriberOf: name => name, ...lookupsOf(leases) })
  }
  const clockOf = (nas: string) => {
    const known = clocks.get(nas)
    if (known) return known
    const clock = new TellerClock()
    if (isKnown) for (const at of [-60, -40, -20]) clock.hear(AT + at * SECOND, AT + at * SECOND)
    clocks.set(nas, clock)
    return clock
  }
  return {
    clockOf,
    tell(
      status: SessionNews['status'],
      user: string,
      addresses: readonly string[],
      told: ToldPacket,
    ) {
      const { nas = 'a', id = user, now, delay = 0, stamp = now } = told
      const at = AT + now * SECOND
      const packet = { status, stamp: AT + Math.floor(stamp) * SECOND, delay: delay * SECOND }
      const news: SessionNews = {
        status,
        nas,
        session: id,
        user,
        subscriber: user,
        realm: 'main',
        framed: addresses.map(address =>
          address.includes(':')
            ? { prefix: address, kind: 'delegated6' }
            : { prefix: `${address}/32`, kind: 'address4' },
        ),
        stamp: packet.stamp,
        ...timeOf(packet, clockOf(nas), at),
      }
      for (const { kind, lease } of sessions.hear(news, at))
        if (kind === 'open') leases.open(lease)
        else leases.close(lease, lease.to as number)
    },
    /** The holder now, or at a time. */
    who(address: string, at?: number): string {
      const { sure, subscriber } =
        at === undefined
          ? leases.holder('main', address, undefined)
          : leases.holderAt('main', address, undefined, AT + at * SECOND)
      return subscriber === undefined ? sure : `${sure} ${subscriber}`
    },
    restart(now: number) {
      const all: readonly Lease[] = [...leases.all()]
      leases = memoryLeases(all)
      sessions = begun()
      sessions.restore(all, AT + now * SECOND)
    },
    sweep(now: number) {
      for (const { lease } of sessions.sweep(AT + now * SECOND))
        leases.close(lease, lease.to as number)
    },
  }
}
