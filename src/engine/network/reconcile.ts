// Brings the network to what the decisions say: incremental at once when something changes, whole every minute.

import { wordsOf } from '../../model/errors.ts'
import { desired } from '../../core/isolation/desired.ts'
import { type Restriction, restrictionKey, sameRestriction } from '../../model/decision.ts'
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

/** Everything the network should hold, for all subscribers or for one. */
export function desiredState(parts: ReconcileParts, subscriber?: string): Restriction[] {
  const one = subscriber === undefined ? undefined : parts.subscribers.get(subscriber)
  const all = subscriber === undefined ? parts.subscribers.all() : one ? [one] : []
  return [...all].flatMap(customer => [
    ...desired({
      subscriber: customer,
      leases: parts.leases.current(customer.id),
      holdsOthers: lease => othersIn(parts.leases, lease).length > 0,
      inForce: parts.cases.inForce(lineOf(customer.id)),
      optOuts: parts.optOuts?.of(customer.id) ?? [],
    }),
  ])
}

/** Compares with what each driver really holds and mends the difference. One driver's trouble stops no other. */
export async function reconcile(parts: ReconcileParts, subscriber?: string): Promise<void> {
  await Promise.all(
    parts.drivers.map(driver => {
      const mending: Mending = { parts, driver, turns: turnsOf(parts, driver) }
      return subscriber === undefined ? mendAll(mending) : mendOne(mending, subscriber)
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
}

/** What is compared again after a change, and still differs, waits for the next comparison of everything. */
const MOST_ROUNDS = 3

/**
 * After each change the places that it touched are compared again, for every customer with a lease there by now: what was under way
 * meanwhile may have met another customer.
 */
async function mendOne(mending: Mending, subscriber: string): Promise<void> {
  const { parts, turns } = mending
  const touched: Restriction[] = []
  await turns.one(subscriber, async () => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const found = await mend(mending, subscriber)
      touched.push(...found.touched)
      if (found.failed || found.touched.length === 0) return
    }
  })
  const holders = touched.flatMap(({ realm, prefix }) => parts.leases.standing(realm, prefix))
  const others = new Set(holders.map(lease => lease.subscriber))
  others.delete(subscriber)
  await Promise.all([...others].map(other => turns.one(other, () => mendQuietly(mending, other))))
}

const mendQuietly = async (mending: Mending, subscriber: string): Promise<void> =>
  void (await mend(mending, subscriber))

/** Mostly nothing is to be done: only where something is, the next comparisons wait for it. */
async function mendAll(mending: Mending): Promise<void> {
  const seen = await compare(mending)
  if (seen && isDifferent(seen)) await mending.turns.all(async () => void (await mend(mending)))
}

function turnsOf({ turns }: ReconcileParts, { name }: NetworkControl): Turns {
  const known = turns.get(name) ?? new Turns()
  turns.set(name, known)
  return known
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
  { parts, driver }: Mending,
  subscriber?: string,
): Promise<Difference | undefined> {
  try {
    return differenceFrom(await driver.list(subscriber), { parts, driver, subscriber })
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
  const wanted = isOff ? [] : desiredState(parts, subscriber).filter(entry => driver.fits(entry))
  const wantedBy = new Map(wanted.map(entry => [place(entry), entry]))
  const mine = held.filter(entry => subscriber === undefined || entry.subscriber === subscriber)
  const heldBy = new Map(mine.map(entry => [place(entry), entry]))
  return {
    undone: mine
      .filter(entry => !wantedBy.has(place(entry)))
      .map(entry => ({ ...entry, over: isOver(parts, entry) })),
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
const isOver = ({ leases }: ReconcileParts, { session, subscriber }: Restriction): boolean =>
  session !== undefined &&
  !leases
    .current(subscriber)
    .some(lease => lease.session?.id === session.id && lease.session.nas === session.nas)

type Mended = { readonly touched: readonly Restriction[]; readonly failed: boolean }
const NOTHING: Mended = { touched: [], failed: false }

/** Of all subscribers: nothing else is changed meanwhile; of one: the same places are not changed by another call. */
async function mend(mending: Mending, subscriber?: string): Promise<Mended> {
  const { turns, driver } = mending
  const seen = await compare(mending, subscriber)
  if (!seen || !isDifferent(seen)) return NOTHING
  if (subscriber === undefined) return bringAbout(mending, seen)
  const place = placeIn(driver)
  const places = [...new Set([...seen.undone, ...seen.missing].map(place))]
  return turns.touching(places, async ({ hasWaited }) => {
    if (!hasWaited) return bringAbout(mending, seen, subscriber)
    const again = await compare(mending, subscriber)
    // Places that came meanwhile are the next round's.
    const within = again && onlyAt(again, entry => places.includes(place(entry)))
    return within && isDifferent(within) ? bringAbout(mending, within, subscriber) : NOTHING
  })
}

const onlyAt = (
  { undone, missing }: Difference,
  isThere: (entry: Restriction) => boolean,
): Difference => ({ undone: undone.filter(isThere), missing: missing.filter(isThere) })

async function bringAbout(
  mending: Mending,
  { undone, missing }: Difference,
  subscriber?: string,
): Promise<Mended> {
  const { parts, driver } = mending
  // The old address goes first, so that its next holder is never closed because of another customer. What cannot be taken off
  // keeps nothing else from being put on.
  const off = undone.length > 0 ? await failureOf(driver.revoke(undone)) : undefined
  const stillMissing = undone.length > 0 ? await wantedYet(mending, missing, subscriber) : missing
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
  return { touched: [...undone, ...stillMissing], failed: (off ?? on) !== undefined }
}

/** Taking off took its time: a customer who has left since, or was released, is not closed any more. As it is wanted by now. */
async function wantedYet(
  { parts }: Mending,
  missing: readonly Restriction[],
  subscriber?: string,
): Promise<readonly Restriction[]> {
  if (missing.length === 0) return missing
  const wanted = new Map(
    desiredState(parts, subscriber).map(entry => [restrictionKey(entry), entry]),
  )
  return missing.flatMap(entry => wanted.get(restrictionKey(entry)) ?? [])
}

const failureOf = (work: Promise<void>): Promise<Error | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(wordsOf(error))),
  )
