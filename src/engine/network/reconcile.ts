// Brings the network to what the decisions say: incremental at once when something changes, whole every minute.

import { desired } from '../../core/isolation/desired.ts'
import { type Restriction, restrictionKey, sameRestriction } from '../../model/decision.ts'
import { lineOf } from '../../model/evidence.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Cases } from '../../ports/cases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { OwnedRecords, Records } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { Reporter } from '../evidence/report.ts'
import { Turns } from './turns.ts'

export type ReconcileParts = {
  readonly cases: Pick<Cases, 'inForce'>
  readonly leases: Leases
  readonly subscribers: Subscribers
  /** Permissions that customers asked for. */
  readonly optOuts?: Pick<OwnedRecords<OptOut>, 'of'>
  readonly drivers: readonly NetworkControl[]
  /** Who may ask a driver now, by the driver's name. */
  readonly turns: Map<string, Turns>
  /** Names of drivers that hold nothing, because somebody said so. */
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
      inForce: parts.cases.inForce(lineOf(customer.id)),
      optOuts: parts.optOuts?.of(customer.id) ?? [],
    }),
  ])
}

/** Compares with what each driver really holds and mends the difference. One driver's trouble stops no other. */
export async function reconcile(parts: ReconcileParts, subscriber?: string): Promise<void> {
  await Promise.all(
    parts.drivers.map(driver => {
      const turns = turnsOf(parts, driver)
      return subscriber === undefined
        ? mendAll(parts, driver, turns)
        : turns.one(subscriber, () => mend(parts, driver, subscriber))
    }),
  )
}

/** Mostly nothing is to be done: only where something is, whoever is next waits for it. */
async function mendAll(parts: ReconcileParts, driver: NetworkControl, turns: Turns): Promise<void> {
  const seen = await compare(parts, driver)
  if (seen && (seen.undone.length > 0 || seen.missing.length > 0))
    await turns.all(() => mend(parts, driver))
}

function turnsOf({ turns }: ReconcileParts, { name }: NetworkControl): Turns {
  const known = turns.get(name) ?? new Turns()
  turns.set(name, known)
  return known
}

/** What a driver holds and should not, and what it should hold and does not. */
type Difference = {
  readonly undone: readonly Restriction[]
  readonly missing: readonly Restriction[]
}

/** Undefined when the driver does not say what it holds. */
async function compare(
  parts: ReconcileParts,
  driver: NetworkControl,
  subscriber?: string,
): Promise<Difference | undefined> {
  let held: readonly Restriction[]
  try {
    held = await driver.list(subscriber)
  } catch (error) {
    parts.trouble(error, `asking ${driver.name} what it holds`)
    return undefined
  }
  // After that, not before: what is decided meanwhile is in it.
  const isOff = parts.off?.get(driver.name) !== undefined
  const wanted = isOff ? [] : desiredState(parts, subscriber).filter(entry => driver.fits(entry))
  const wantedBy = new Map(wanted.map(entry => [restrictionKey(entry), entry]))
  const mine = held.filter(entry => subscriber === undefined || entry.subscriber === subscriber)
  const heldBy = new Map(mine.map(entry => [restrictionKey(entry), entry]))
  return {
    undone: mine.filter(entry => !wantedBy.has(restrictionKey(entry))),
    missing: wanted.filter(entry => {
      const standing = heldBy.get(restrictionKey(entry))
      return !standing || !sameRestriction(standing, entry)
    }),
  }
}

async function mend(
  parts: ReconcileParts,
  driver: NetworkControl,
  subscriber?: string,
): Promise<void> {
  const difference = await compare(parts, driver, subscriber)
  if (!difference) return
  const { undone, missing } = difference
  // The old address goes first, so that its next holder is never closed for somebody else's sake. What cannot be taken off
  // keeps nothing else from being put on.
  const off = undone.length > 0 ? await failureOf(driver.revoke(undone)) : undefined
  const on = missing.length > 0 ? await failureOf(driver.apply(missing)) : undefined
  const note = (
    entry: Restriction,
    state: Restriction['state'] | 'default',
    failed: string | undefined,
  ) =>
    parts.reporter.note({
      kind: 'action-done',
      at: parts.now(),
      driver: driver.name,
      subscriber: entry.subscriber,
      prefix: entry.prefix,
      state,
      ...(failed === undefined ? {} : { failed }),
    })
  for (const entry of undone) note(entry, 'default', off)
  for (const entry of missing) note(entry, entry.state, on)
}

const failureOf = (work: Promise<void>): Promise<string | undefined> =>
  work.then(() => undefined, String)
