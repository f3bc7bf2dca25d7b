// Advance notice before port 25 is closed: what was seen of its use is kept, those concerned are written to twice, and a part of the
// network is closed at its date, with a way back.

import {
  dayName,
  dayOf,
  daysSeen,
  membership,
  notYet,
  REMIND_BEFORE,
  seen,
  seenByBoth,
  useOf,
  watched,
} from '../../core/isolation/rollout.ts'
import type { Event } from '../../model/event.ts'
import { minuteIn } from '../../model/local-time.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type {
  Coverage,
  Port25Use,
  RolloutPart,
  RolloutState,
  UseKind,
} from '../../model/rollout.ts'
import type { Given } from '../../orders/contract/orders.ts'
import type { Leases } from '../../ports/leases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { RolloutReport } from '../../ports/reading.ts'
import type { Records } from '../../ports/records.ts'
import { type NotifyParts, writeLetter } from '../letters/notify.ts'
import { day } from '../letters/opt-out-letters.ts'
import { done, refused } from '../orders/outcome.ts'

export type RolloutParts = {
  readonly parts: () => readonly RolloutPart[]
  readonly uses: Records<Port25Use>
  readonly coverage: Records<Coverage>
  readonly states: Records<RolloutState>
  /** Something tells of what goes out just now. */
  readonly watching: () => boolean
}

export type RolloutsParts = RolloutParts & {
  readonly leases: Leases
  readonly network: readonly NetworkControl[]
  readonly notifying: NotifyParts
  readonly optOut?: { readonly optOuts: Pick<Records<OptOut>, 'all'> }
  readonly trouble: (error: unknown, about: string) => void
}

export type Rollouts = {
  /** Told of every event. */
  hear(event: Event): void
  order(given: RolloutOrder): Promise<OrderOutcome>
  report(at: number): readonly RolloutReport[]
  /** Once a minute. */
  chore(at: number): Promise<void>
}

type RolloutOrder = Given<'announce-rollout'> | Given<'start-rollout'> | Given<'back-rollout'>

/** Letters between two notes of who was told. */
const AT_ONCE = 50
/** Customers whose use is kept. */
const MAX_USES = 1_000_000

export function rollouts(all: RolloutsParts): Rollouts {
  const { uses, coverage, states, leases, notifying } = all
  const dirty = new Map<string, Port25Use>()

  /** As they are on disk, with what has come since. */
  function* known(): Generator<Port25Use> {
    for (const use of uses.all()) if (!dirty.has(use.id)) yield use
    yield* dirty.values()
  }
  /** Whose port stays open has nothing to be told. */
  const usersOf = (part: RolloutPart): Port25Use[] => {
    const isIn = membership(part)
    const open = new Set<string>()
    for (const one of all.optOut?.optOuts.all() ?? [])
      if (one.state === 'open') open.add(one.subscriber)
    const isConcerned = ({ id }: Port25Use) =>
      !open.has(id) && notifying.subscribers.get(id)?.plan !== 'expert' && isIn(leases.current(id))
    return [...known()].filter(isConcerned)
  }

  async function tell(
    part: RolloutPart,
    whom: readonly Port25Use[],
    at: number,
  ): Promise<string[]> {
    const told: string[] = []
    for (const use of whom) {
      const owner = notifying.subscribers.get(use.id)
      if (!owner) continue
      const id = await writeLetter(notifying, owner, {
        kind: 'port-25-closes',
        at,
        since: minuteIn(notifying.timeZone(), at),
        seen: [
          ADVICE[useOf(use)],
          ...use.destinations.slice(0, 5).map(one => `seen: ${one.address}`),
          ...(use.destinations.length > 5 || use.more ? ['and others'] : []),
        ],
        until: day(part.date),
      })
      const [to] = owner.contacts
      if (id === undefined || to === undefined) continue
      notifying.reporter.note({
        kind: 'notice-sent',
        at,
        subscriber: owner.id,
        to,
        notice: 'port-25-closes',
      })
      told.push(use.id)
    }
    return told
  }

  /** Who was told is written down as we go: after a crash nobody but the last few hears of it twice. */
  async function tellAndKeep(
    part: RolloutPart,
    before: RolloutState,
    { users, at }: { readonly users: readonly Port25Use[]; readonly at: number },
  ): Promise<RolloutState> {
    let state = before
    for (let i = 0; i < users.length; i += AT_ONCE) {
      const told = await tell(part, users.slice(i, i + AT_ONCE), at)
      if (told.length === 0) continue
      state = await keep(part, now => ({ ...now, told: [...new Set([...now.told, ...told])] }))
    }
    return state
  }

  /** What has become of a part; it stays as it is where `make` gives nothing. */
  async function keep(
    { name }: RolloutPart,
    make: (now: RolloutState) => RolloutState | undefined,
  ): Promise<RolloutState> {
    const untouched: RolloutState = { id: name, told: [] }
    const kept = await states.change(name, now => make(now ?? untouched))
    return kept ?? states.get(name) ?? untouched
  }

  /** What the routers let by and only tell of. */
  async function show(): Promise<void> {
    if (all.parts().length === 0) return
    const prefixes = watched(all.parts(), name => states.get(name))
    for (const driver of all.network)
      await driver
        .watch?.(prefixes)
        .catch(error => all.trouble(error, `telling ${driver.name} what is only watched`))
  }

  async function announce(
    part: RolloutPart,
    state: RolloutState,
    at: number,
  ): Promise<OrderOutcome> {
    if (state.announcedAt !== undefined)
      return refused(
        `${part.name} was announced on ${day(state.announcedAt)}. Who is new since is written to by itself.`,
      )
    const users = usersOf(part)
    const announced = await keep(part, now =>
      now.announcedAt === undefined ? { ...now, announcedAt: at } : undefined,
    )
    const { told } = await tellAndKeep(part, announced, { users, at })
    return done(
      `${told.length} of ${users.length} customers who use port 25 in ${part.name} were written to: it closes on ${day(part.date)}.`,
    )
  }

  async function start(
    part: RolloutPart,
    state: RolloutState,
    { at, despite }: { at: number; despite: string | undefined },
  ): Promise<OrderOutcome> {
    if (state.startedAt !== undefined)
      return refused(`${part.name} is closed since ${day(state.startedAt)}.`)
    const untold = usersOf(part).filter(use => !state.told.includes(use.id)).length
    const why = notYet(part, state, { days: daysSeen(coverage.all(), at), untold, at })
    if (why.length > 0 && (despite ?? '') === '')
      return refused(
        `${part.name} stays open: ${why.join('; ')}. With --despite "WHY" it is closed all the same.`,
      )
    await keep(part, now => (now.startedAt === undefined ? { ...now, startedAt: at } : undefined))
    await show()
    return done(
      `Port 25 is closed in ${part.name}. Print the table for the next boot, too: cordon router table. The way back: cordon rollout back ${part.name}`,
    )
  }

  return {
    hear: event => {
      if (event.kind !== 'egress-attempt' || event.outcome !== 'passed' || event.port !== 25) return
      const { who } = event
      if (who.sure !== 'certain' || who.subscriber === undefined) return
      const id = who.subscriber
      const before = dirty.get(id) ??
        uses.get(id) ?? { id, destinations: [], more: false, fanOut: 0 }
      if (dirty.size >= MAX_USES) return
      dirty.set(
        id,
        seen(before, { address: event.destination, fanOut: event.fanOut ?? 1, at: event.at }),
      )
    },
    order: async ({ order, at }) => {
      const part = all.parts().find(one => one.name === order.part)
      if (!part)
        return refused(
          `There is no part ${order.part}. There are: ${
            all
              .parts()
              .map(one => one.name)
              .join(', ') || 'none'
          }.`,
        )
      await flush()
      const state = states.get(part.name) ?? { id: part.name, told: [] }
      if (order.kind === 'announce-rollout') return announce(part, state, at)
      if (order.kind === 'start-rollout') return start(part, state, { at, despite: order.despite })
      if (state.startedAt === undefined) return refused(`${part.name} is open.`)
      await keep(part, ({ startedAt: _startedAt, ...rest }) => rest)
      await show()
      return done(`Port 25 is open again in ${part.name}, and only watched.`)
    },
    report: at => {
      const days = daysSeen(coverage.all(), at)
      return all.parts().map(part => {
        const state = states.get(part.name) ?? { id: part.name, told: [] }
        const users = usersOf(part)
        const untold = users.filter(use => !state.told.includes(use.id)).length
        return {
          part,
          state,
          days,
          notYet: notYet(part, state, { days, untold, at }),
          users: users.map(use => ({ use, kind: useOf(use), told: state.told.includes(use.id) })),
        }
      })
    },
    chore: async at => {
      const id = dayName(dayOf(at))
      if (all.watching())
        await coverage.change(id, now => ({ id, minutes: Math.min(1440, (now?.minutes ?? 0) + 1) }))
      await flush()
      for (const part of all.parts()) await lookAfter(part, at)
      await show()
    },
  }

  async function flush(): Promise<void> {
    const changed = [...dirty.values()]
    dirty.clear()
    for (const use of changed) await uses.change(use.id, now => (now ? seenByBoth(now, use) : use))
  }

  /** Who is new since the first letter gets one, and everybody a second. */
  async function lookAfter(part: RolloutPart, at: number): Promise<void> {
    const state = states.get(part.name)
    if (!state || state.announcedAt === undefined || state.startedAt !== undefined) return
    const users = usersOf(part)
    const fresh = users.filter(use => !state.told.includes(use.id))
    await tellAndKeep(part, state, { users: fresh, at })
    const second = state.remindedAt === undefined && at >= part.date - REMIND_BEFORE
    if (second)
      await tell(
        part,
        users.filter(use => state.told.includes(use.id)),
        at,
      )
    if (second) await keep(part, now => ({ ...now, remindedAt: at }))
  }
}

const ADVICE: Readonly<Record<UseKind, string>> = {
  'another-server':
    'a mail program of yours uses port 25 of another provider: set port 587 there, with your password',
  'own-server':
    'it looks as if you run a mail server: ask for port 25 in the portal before that date',
  'looks-infected':
    'so many servers at once are mostly the doing of a virus: please check your devices',
}
