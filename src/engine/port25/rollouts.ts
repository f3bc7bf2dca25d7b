// Advance notice before port 25 is closed: its observed use is kept, customers who use it get two letters, and a part of the
// network is closed at its date, with a way back.

import {
  dayName,
  dayOf,
  daysSeen,
  membership,
  notYet,
  REMIND_BEFORE,
  useOf,
  watched,
} from '../../core/isolation/rollout.ts'
import type { Event } from '../../model/event.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { Coverage, Port25Use, RolloutPart, RolloutState } from '../../model/rollout.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import type { Leases } from '../../ports/leases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { RolloutReport } from '../../ports/reading.ts'
import type { OwnedRecords, Records } from '../../ports/records.ts'
import type { NotifyParts } from '../letters/notify.ts'
import { day } from '../letters/opt-out-letters.ts'
import { type DryRunParts, dryRun } from '../orders/lines-changed.ts'
import { done, refused } from '../orders/outcome.ts'
import { linesOfPart, watchedThen } from './rollout-dry-run.ts'
import { SeenUses } from './seen-uses.ts'
import { tellUsers } from './tell-users.ts'

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
  readonly notifier: NotifyParts
  readonly optOut?: { readonly optOuts: Pick<OwnedRecords<OptOut>, 'all' | 'of'> }
  readonly cases: DryRunParts['cases']
  readonly off?: DryRunParts['off']
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

type RolloutOrder =
  | GivenOrderOf<'announce-rollout'>
  | GivenOrderOf<'start-rollout'>
  | GivenOrderOf<'rollback-rollout'>

/** `would`: nothing is done, and what would be is told. */
type OrderedAt = { readonly at: number; readonly would: boolean }

/** Letters between two saves of the customers that were told. */
const AT_ONCE = 50
/** Minutes of a day on which something watched all the time. */
const WHOLE_DAY = 1440

export function rollouts(parts: RolloutsParts): Rollouts {
  return new PartByPart(parts)
}

class PartByPart implements Rollouts {
  readonly #parts: RolloutsParts
  readonly #uses: SeenUses

  constructor(parts: RolloutsParts) {
    this.#parts = parts
    this.#uses = new SeenUses(parts.uses)
  }

  hear(event: Event): void {
    this.#uses.hear(event)
  }

  async order({ order, at }: RolloutOrder): Promise<OrderOutcome> {
    const all = this.#parts.parts()
    const part = all.find(one => one.name === order.part)
    if (!part) {
      const names = all.map(one => one.name).join(', ') || 'none'
      return refused(`There is no part ${order.part}. There are: ${names}.`)
    }
    await this.#uses.flush()
    const would = order.dryRun === true
    if (order.kind === 'announce-rollout') return this.#announce(part, { at, would })
    if (order.kind === 'start-rollout')
      return this.#start(part, { at, would, despite: order.despite ?? '' })
    return this.#back(part, { would })
  }

  report(at: number): readonly RolloutReport[] {
    const days = daysSeen(this.#parts.coverage.all(), at)
    return this.#parts.parts().map(part => {
      const state = this.#stateOf(part)
      const users = this.#usersOf(part)
      const isTold = ({ id }: Port25Use) => state.told.includes(id)
      const untold = users.filter(use => !isTold(use)).length
      return {
        part,
        state,
        days,
        notYet: notYet(part, state, { days, untold, at }),
        users: users.map(use => ({ use, kind: useOf(use), told: isTold(use) })),
      }
    })
  }

  async chore(at: number): Promise<void> {
    const { watching, coverage, parts } = this.#parts
    const id = dayName(dayOf(at))
    if (watching())
      await coverage.change(id, now => ({
        id,
        minutes: Math.min(WHOLE_DAY, (now?.minutes ?? 0) + 1),
      }))
    await this.#uses.flush()
    for (const part of parts()) await this.#lookAfter(part, at)
    await this.#show()
  }

  async #announce(part: RolloutPart, { at, would }: OrderedAt): Promise<OrderOutcome> {
    const { announcedAt } = this.#stateOf(part)
    if (announcedAt !== undefined)
      return refused(
        `${part.name} was announced on ${day(announcedAt)}. New customers get the letter automatically.`,
      )
    const users = this.#usersOf(part)
    if (would)
      return done(
        `${dryRun([])} ${users.length} customers who use port 25 in ${part.name} would be written to${users.length === 0 ? '' : `: ${named(users)}`}.`,
      )
    const announced = await this.#keep(part, now =>
      now.announcedAt === undefined ? { ...now, announcedAt: at } : undefined,
    )
    const { told } = await this.#tellAndKeep(part, announced, { users, at })
    return done(
      `${told.length} of ${users.length} customers who use port 25 in ${part.name} were written to: it closes on ${day(part.date)}.`,
    )
  }

  async #start(
    part: RolloutPart,
    { at, would, despite }: OrderedAt & { readonly despite: string },
  ): Promise<OrderOutcome> {
    const state = this.#stateOf(part)
    if (state.startedAt !== undefined)
      return refused(`${part.name} is closed since ${day(state.startedAt)}.`)
    const untold = this.#usersOf(part).filter(use => !state.told.includes(use.id)).length
    const days = daysSeen(this.#parts.coverage.all(), at)
    const why = notYet(part, state, { days, untold, at })
    if (would) {
      const needs = why.length === 0 ? '' : ` Without --despite it is refused: ${why.join('; ')}.`
      return done(`${this.#wouldChange(part, at)}${needs}`)
    }
    if (why.length > 0 && despite === '')
      return refused(
        `${part.name} stays open: ${why.join('; ')}. With --despite "WHY" it is closed all the same.`,
      )
    await this.#keep(part, now =>
      now.startedAt === undefined ? { ...now, startedAt: at } : undefined,
    )
    await this.#show()
    return done(
      `Port 25 is closed in ${part.name}. Print the table for the next boot, too: cordon router table. The way back: cordon rollout rollback ${part.name}`,
    )
  }

  async #back(part: RolloutPart, { would }: Pick<OrderedAt, 'would'>): Promise<OrderOutcome> {
    if (this.#stateOf(part).startedAt === undefined) return refused(`${part.name} is open.`)
    if (would) return done(this.#wouldChange(part, undefined))
    await this.#keep(part, ({ startedAt: _startedAt, ...rest }) => rest)
    await this.#show()
    return done(`Port 25 is open again in ${part.name}, and only watched.`)
  }

  #wouldChange(part: RolloutPart, startedAt: number | undefined): string {
    const { parts, states, network, leases, notifier, optOut, cases, off } = this.#parts
    const { name } = part
    const change = watchedThen(parts(), one => states.get(one), { name, startedAt })
    const users = new Set(this.#usersOf(part).map(({ id }) => id))
    const { subscribers } = notifier
    const view = { network, leases, subscribers, cases, off, ...(optOut ? { optOut } : {}) }
    return dryRun(linesOfPart(view, change, users))
  }

  /** A customer who is new since the first letter gets one, and all customers get a second. */
  async #lookAfter(part: RolloutPart, at: number): Promise<void> {
    const state = this.#stateOf(part)
    if (state.announcedAt === undefined || state.startedAt !== undefined) return
    const users = this.#usersOf(part)
    const fresh = users.filter(use => !state.told.includes(use.id))
    await this.#tellAndKeep(part, state, { users: fresh, at })
    if (state.remindedAt !== undefined || at < part.date - REMIND_BEFORE) return
    const again = users.filter(use => state.told.includes(use.id))
    await tellUsers(this.#parts.notifier, part, { users: again, at })
    await this.#keep(part, now => ({ ...now, remindedAt: at }))
  }

  /** The customers that were told are saved along the way: after a crash only the last few get the letter twice. */
  async #tellAndKeep(
    part: RolloutPart,
    before: RolloutState,
    { users, at }: { readonly users: readonly Port25Use[]; readonly at: number },
  ): Promise<RolloutState> {
    let state = before
    for (let i = 0; i < users.length; i += AT_ONCE) {
      const next = { users: users.slice(i, i + AT_ONCE), at }
      const told = await tellUsers(this.#parts.notifier, part, next)
      if (told.length === 0) continue
      state = await this.#keep(part, now => ({
        ...now,
        told: [...new Set([...now.told, ...told])],
      }))
    }
    return state
  }

  /** The customers that get a letter: those whose port 25 stays open get none. */
  #usersOf(part: RolloutPart): Port25Use[] {
    const { leases, optOut, notifier } = this.#parts
    const isIn = membership(part)
    const open = new Set<string>()
    for (const one of optOut?.optOuts.all() ?? [])
      if (one.state === 'open') open.add(one.subscriber)
    const isConcerned = ({ id }: Port25Use) =>
      !open.has(id) && notifier.subscribers.get(id)?.plan !== 'expert' && isIn(leases.current(id))
    return [...this.#uses.all()].filter(isConcerned)
  }

  #stateOf({ name }: RolloutPart): RolloutState {
    return this.#parts.states.get(name) ?? { id: name, told: [] }
  }

  /** Saves the new state of a part; the state stays as it is where `make` returns undefined. */
  async #keep(
    part: RolloutPart,
    make: (now: RolloutState) => RolloutState | undefined,
  ): Promise<RolloutState> {
    const untouched: RolloutState = { id: part.name, told: [] }
    const kept = await this.#parts.states.change(part.name, now => make(now ?? untouched))
    return kept ?? this.#stateOf(part)
  }

  /** Prefixes whose connections the routers accept and log. */
  async #show(): Promise<void> {
    const { parts, states, network, trouble } = this.#parts
    if (parts().length === 0) return
    const prefixes = watched(parts(), name => states.get(name))
    for (const driver of network)
      await driver
        .watch?.(prefixes)
        .catch(error => trouble(error, `telling ${driver.name} what is only watched`))
  }
}

/** Customers that are named; what is more is counted. */
const NAMED = 20

function named(users: readonly Port25Use[]): string {
  const more = users.length > NAMED ? ` and ${users.length - NAMED} more` : ''
  return `${users
    .slice(0, NAMED)
    .map(({ id }) => id)
    .join(', ')}${more}`
}
