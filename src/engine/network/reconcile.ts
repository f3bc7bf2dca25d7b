// Brings the network to what the decisions say: incremental at once when something changes, whole every minute.

import { wordsOf } from '../../model/errors.ts'
import { desired } from '../../core/isolation/desired.ts'
import {
  type Restriction,
  restrictionKey,
  sameRestriction,
  sessionKey,
} from '../../model/decision.ts'
import { sessionText } from '../../model/lease.ts'
import { lineOf } from '../../model/evidence.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Cases } from '../../ports/cases.ts'
import {
  type Held,
  type Lifted,
  type NetworkControl,
  NotAllDone,
} from '../../ports/network-control.ts'
import type { OwnedRecords, Records } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { Reporter } from '../evidence/report.ts'
import { doubtRestored } from './doubt-restored.ts'
import { withTaken } from './met-alone.ts'
import { othersIn } from './overlapping.ts'
import { Turns } from './turns.ts'

export type ReconcileParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly leases: Leases
  readonly subscribers: Subscribers
  /** Permissions that customers asked for. */
  readonly optOuts?: Pick<OwnedRecords<OptOut>, 'of'>
  readonly drivers: readonly NetworkControl[]
  /** Turns at each driver, by the driver's name. */
  readonly turns: Map<string, Turns>
  /** Names of drivers that hold nothing, because an order turned them off. */
  readonly off?: Pick<Records<{ readonly id: string }>, 'get'> | undefined
  readonly reporter: Pick<Reporter, 'note'>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

/** Everything the network should hold, for all subscribers or for one; where a driver is named, as that one can. */
export function desiredState(
  parts: ReconcileParts,
  subscriber?: string,
  driver?: Pick<NetworkControl, 'meetsOne'>,
): Restriction[] {
  const one = subscriber === undefined ? undefined : parts.subscribers.get(subscriber)
  const all = subscriber === undefined ? parts.subscribers.all() : one ? [one] : []
  return [...all].flatMap(customer => [
    ...desired({
      subscriber: customer,
      leases: withTaken(parts.leases, customer.id),
      holdsOthers: lease => othersIn(parts.leases, lease).length > 0,
      meetsOne: lease => driver?.meetsOne?.(lease) === true,
      inForce: parts.cases.inForce(lineOf(customer.id)),
      optOuts: parts.optOuts?.of(customer.id) ?? [],
    }),
  ])
}

const wantedAt = (
  driver: NetworkControl,
  parts: ReconcileParts,
  subscriber?: string,
): Restriction[] => desiredState(parts, subscriber, driver).filter(entry => driver.fits(entry))

/** Compares with what each driver really holds and mends the difference. One driver's trouble stops no other. */
export async function reconcile(parts: ReconcileParts, subscriber?: string): Promise<void> {
  await Promise.all(
    parts.drivers.map(driver => {
      const mending: Mending = { parts, driver, turns: turnsOf(parts, driver) }
      if (subscriber !== undefined) return mendOne(mending, subscriber)
      doubtRestored(parts, driver)
      return driver.lanes ? mendLanes(mending) : mendAll(mending)
    }),
  )
}

/** What another program changes on a driver's device is put right at once: one comparison at a time, and one more for later changes. */
export function followForeignChanges(
  parts: ReconcileParts,
  background: (work: Promise<void>) => void,
): void {
  for (const driver of parts.drivers) {
    let isRunning = false
    let isNews = false
    const heard = async () => {
      isNews = true
      if (isRunning) return
      isRunning = true
      try {
        while (isNews) {
          isNews = false
          await mendAll({ parts, driver, turns: turnsOf(parts, driver) })
        }
      } finally {
        isRunning = false
      }
    }
    driver.onForeignChange?.(() => background(heard()))
  }
}

type Mending = {
  readonly parts: ReconcileParts
  readonly driver: NetworkControl
  readonly turns: Turns
  /** One device of the driver: nothing of another one is compared. */
  readonly lane?: string
}

/** What is compared again after a change, and still differs, waits for the next comparison of everything. */
const MOST_ROUNDS = 3

/** Of a driver of several devices each by itself: a customer who has left one that is silent is closed at the next one at once. */
async function mendOne(mending: Mending, subscriber: string): Promise<void> {
  const { parts, driver } = mending
  const { lanes } = driver
  if (!lanes) return mendThere(mending, subscriber)
  const wanted = wantedAt(driver, parts, subscriber)
  const all = new Set([...(await driver.list(subscriber)), ...wanted].map(one => lanes.of(one)))
  await Promise.all([...all].map(lane => mendThere({ ...mending, lane }, subscriber)))
  return undefined
}

/**
 * After each change the places that it touched are compared again, for every customer with a lease there by now: what was under way
 * meanwhile may have met another customer.
 */
async function mendThere(mending: Mending, subscriber: string): Promise<void> {
  const { parts, turns } = mending
  const touched: Restriction[] = []
  await turns.one(turnIn(mending, subscriber), async () => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const found = await mend(mending, [subscriber])
      touched.push(...found.touched)
      if (found.failed || found.touched.length === 0) return
    }
  })
  const holders = touched.flatMap(({ realm, prefix }) => parts.leases.standing(realm, prefix))
  const others = new Set(holders.map(lease => lease.subscriber))
  others.delete(subscriber)
  await Promise.all(
    [...others].map(other =>
      turns.one(turnIn(mending, other), async () => void (await mend(mending, [other]))),
    ),
  )
}

const turnIn = ({ lane }: Mending, subscriber: string): string =>
  lane === undefined ? subscriber : `${lane} ${subscriber}`

/** Everything, each device by itself. Resolves when the first few customers of each are done; the others follow. */
async function mendLanes(mending: Mending): Promise<void> {
  const { lanes } = mending.driver
  const seen = lanes && (await compare(mending))
  if (!seen) return
  const differing = new Map<string, Set<string>>()
  for (const entry of [...seen.undone, ...seen.missing]) {
    const lane = lanes.of(entry)
    differing.set(lane, (differing.get(lane) ?? new Set()).add(entry.subscriber))
  }
  await Promise.all(
    [...differing].map(([lane, customers]) => beginRound({ ...mending, lane }, [...customers])),
  )
}

/** A few customers at a time, so that an order for one of the others does not wait. One round of a device at a time. */
function beginRound(mending: Mending & { lane: string }, customers: string[]): Promise<void> {
  const { parts, driver, turns, lane } = mending
  const under = turns.rounds.get(lane)
  if (under) under.more = true
  if (under) return Promise.resolve()
  const round = { more: false }
  turns.rounds.set(lane, round)
  const next = () => {
    const few = customers.splice(0, driver.lanes?.atOnce)
    const byTurn = new Map(few.map(one => [turnIn(mending, one), one]))
    return turns.free([...byTurn.keys()], async mine => {
      await mend(
        mending,
        mine.flatMap(turn => byTurn.get(turn) ?? []),
      )
    })
  }
  const first = next()
  const rest = async () => {
    try {
      await first
      while (customers.length > 0) await next()
    } finally {
      turns.rounds.delete(lane)
    }
    const { lane: _, ...whole } = mending
    if (round.more) await mendLanes(whole)
  }
  rest().catch(error => parts.trouble(error, `bringing ${driver.name} in line`))
  return first
}

/** Mostly nothing is to be done: only where something is, the next comparisons wait for it. */
async function mendAll(mending: Mending): Promise<void> {
  const { parts, driver } = mending
  const first = await compare(mending)
  // What is gone as a whole may have been taken away by hand, where an order had taken everything off before.
  const isToStay = first !== undefined || parts.off?.get(driver.name) === undefined
  const seen = isToStay && (await driver.repair?.()) ? await compare(mending) : first
  if (seen && isDifferent(seen)) await mending.turns.all(() => mendWhole(mending))
}

/** A place that was to be another customer's, who has left it or was released meanwhile, may still be closed for the one before. */
async function mendWhole(mending: Mending): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) if (!(await mend(mending)).isLeft) return
}

function turnsOf({ turns }: ReconcileParts, { name }: NetworkControl): Turns {
  const known = turns.get(name) ?? new Turns()
  turns.set(name, known)
  return known
}

async function compareOf(
  mending: Mending,
  who?: readonly string[],
): Promise<Difference | undefined> {
  if (who === undefined) return compare(mending)
  const each = await Promise.all(who.map(one => compare(mending, one)))
  const all = each.flatMap(one => one ?? [])
  return {
    undone: all.flatMap(({ undone }) => undone),
    missing: all.flatMap(({ missing }) => missing),
  }
}

type Compared = Pick<Mending, 'parts' | 'driver'> & { readonly subscriber?: string | undefined }

/** What a driver holds and should not, and what it should hold and does not. */
type Difference = {
  readonly undone: readonly Lifted[]
  readonly missing: readonly Restriction[]
}

const isDifferent = ({ undone, missing }: Difference): boolean =>
  undone.length > 0 || missing.length > 0

/** Undefined when the driver does not say what it holds. */
async function compare(
  { parts, driver, lane }: Mending,
  subscriber?: string,
): Promise<Difference | undefined> {
  try {
    const seen = differenceFrom(await driver.list(subscriber), { parts, driver, subscriber })
    return lane === undefined ? seen : onlyAt(seen, entry => driver.lanes?.of(entry) === lane)
  } catch (error) {
    parts.trouble(error, `asking ${driver.name} what it holds`)
    return undefined
  }
}

/** `held`: what the driver says that it holds, of one customer where one is named. */
export function differenceFrom(
  held: readonly Held[],
  { parts, driver, subscriber }: Compared,
): Difference {
  // After that, not before: what is decided meanwhile is in it.
  const place = placeIn(driver)
  const isOff = parts.off?.get(driver.name) !== undefined
  const wanted = isOff ? [] : wantedAt(driver, parts, subscriber)
  const wantedBy = new Map(wanted.map(entry => [place(entry), entry]))
  const mine = held.filter(entry => subscriber === undefined || entry.subscriber === subscriber)
  const heldBy = new Map(mine.map(entry => [place(entry), entry]))
  const sessions = new Set(wanted.filter(({ session }) => session).map(sessionKey))
  return {
    undone: mine
      .filter(entry => !wantedBy.has(place(entry)))
      .map(entry => ({
        ...entry,
        over: isOver(parts, entry),
        stopped: isStopped(parts, entry),
        stays: sessions.has(sessionKey(entry)),
      })),
    missing: wanted.filter(entry => {
      const there = heldBy.get(place(entry))
      return !there || there.standing !== undefined || !sameRestriction(there, entry)
    }),
  }
}

const placeIn =
  (driver: NetworkControl) =>
  (entry: Restriction): string =>
    driver.place?.(entry) ?? restrictionKey(entry)

/** No lease says that its session is still there, whichever addresses it has by now. */
const isOver = ({ leases }: ReconcileParts, entry: Restriction): boolean =>
  entry.session !== undefined &&
  !withTaken(leases, entry.subscriber).some(lease => sessionText(lease) === sessionText(entry))

/** Its Stop was told. */
const isStopped = ({ leases }: ReconcileParts, entry: Restriction): boolean => {
  const { realm, prefix, session, began = 0 } = entry
  return (
    session !== undefined &&
    leases
      .begunSince(realm, prefix, began - 1)
      .some(
        one => one.stopped === true && one.from === began && sessionKey(one) === sessionKey(entry),
      )
  )
}

type Mended = {
  readonly touched: readonly Restriction[]
  readonly failed: boolean
  /** Something was not put on after all: what stood in its place may be there still. */
  readonly isLeft: boolean
}
const NOTHING: Mended = { touched: [], failed: false, isLeft: false }

/** Of all subscribers: nothing else is changed meanwhile; of some: the same places are not changed by another call. */
async function mend(mending: Mending, who?: readonly string[]): Promise<Mended> {
  const { turns, driver } = mending
  const seen = await compareOf(mending, who)
  if (!seen || !isDifferent(seen)) return NOTHING
  if (who === undefined) return bringAbout(mending, seen)
  const place = placeIn(driver)
  const places = [...new Set([...seen.undone, ...seen.missing].map(place))]
  return turns.touching(places, async ({ hasWaited }) => {
    if (!hasWaited) return bringAbout(mending, seen, who)
    const again = await compareOf(mending, who)
    // Places that came meanwhile are the next round's.
    const within = again && onlyAt(again, entry => places.includes(place(entry)))
    return within && isDifferent(within) ? bringAbout(mending, within, who) : NOTHING
  })
}

const onlyAt = (
  { undone, missing }: Difference,
  isThere: (entry: Restriction) => boolean,
): Difference => ({ undone: undone.filter(isThere), missing: missing.filter(isThere) })

async function bringAbout(
  mending: Mending,
  { undone, missing }: Difference,
  who?: readonly string[],
): Promise<Mended> {
  const { parts, driver } = mending
  // The old address goes first, so that its next holder is never closed because of another customer. What cannot be taken off
  // keeps nothing else from being put on.
  const off = undone.length > 0 ? await failureOf(driver.revoke(undone)) : undefined
  const stillMissing = undone.length > 0 ? await wantedYet(mending, missing, who) : missing
  const on = stillMissing.length > 0 ? await failureOf(driver.apply(stillMissing)) : undefined
  const note = (
    entry: Restriction,
    state: Restriction['state'] | 'default',
    failure: Error | undefined,
  ) => {
    const failed = failure instanceof NotAllDone ? failure.wordsFor(entry) : failure?.message
    parts.reporter.note({
      kind: 'action-done',
      at: parts.now(),
      driver: driver.name,
      subscriber: entry.subscriber,
      prefix: entry.prefix,
      state,
      ...(failed === undefined ? {} : { failed }),
    })
  }
  for (const entry of undone) note(entry, 'default', off)
  for (const entry of stillMissing) note(entry, entry.state, on)
  return {
    touched: [...undone, ...stillMissing],
    failed: (off ?? on) !== undefined,
    isLeft: stillMissing.length < missing.length,
  }
}

/** Taking off took its time: a customer who has left since, or was released, is not closed any more. As it is wanted by now. */
async function wantedYet(
  { parts, driver }: Mending,
  missing: readonly Restriction[],
  who?: readonly string[],
): Promise<readonly Restriction[]> {
  if (missing.length === 0) return missing
  const all = who ? who.flatMap(one => wantedAt(driver, parts, one)) : wantedAt(driver, parts)
  const place = placeIn(driver)
  const wanted = new Map(all.map(entry => [place(entry), entry]))
  return missing.flatMap(entry => wanted.get(place(entry)) ?? [])
}

const failureOf = (work: Promise<void>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(wordsOf(error))),
  )
