// A dry run: which lines an order would close, open or change in the network, in words. From what is decided, not from what routers hold:
// nothing is asked of them.

import { desired, type Household } from '../../core/isolation/desired.ts'
import { type MovedLeases, movedLeases } from '../../core/isolation/moved-leases.ts'
import { type Decision, type Restriction, restrictionKey } from '../../model/decision.ts'
import { lineOf } from '../../model/evidence.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { OptOut } from '../../model/opt-out.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Leases } from '../../ports/leases.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import type { OwnedRecords, Records } from '../../ports/records.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { isolatedOn, meetsAlone, takes, withTaken } from '../network/met-alone.ts'
import { customersAround, othersIn } from '../network/overlapping.ts'

export type DryRunParts = {
  readonly network: readonly NetworkControl[]
  readonly leases: Pick<Leases, 'current' | 'taken' | 'standing' | 'within' | 'around'>
  readonly off?: Pick<Records<{ readonly id: string }>, 'get'> | undefined
  readonly subscribers: Subscribers
  readonly cases: Pick<Cases, 'inForce'>
  readonly optOut?: { readonly optOuts: Pick<OwnedRecords<OptOut>, 'of'> } | undefined
}

export type HouseholdParts = Pick<DryRunParts, 'cases' | 'optOut'> & {
  readonly subscribers: Pick<DryRunParts['subscribers'], 'get'>
  readonly leases: Pick<DryRunParts['leases'], 'current' | 'taken' | 'within'>
}

/** Lines that are named; what is more is counted. */
const MOST = 50

/** `then`: what would be other of the line of this customer. */
export function linesChanged(
  parts: DryRunParts,
  subscriber: string,
  then: Partial<Household>,
): string {
  const now = householdsOf(parts, [subscriber])
  const after = now.map(one => ({ ...one, ...then }))
  const isChanged = changesBetween(parts, now, after).length > 0
  return `${linesBetween(parts, now, after)}${isChanged ? '' : whyNone(parts, subscriber)}`
}

/** As the order would say: what is wanted of the line reaches no router. */
function whyNone({ network, leases }: DryRunParts, subscriber: string): string {
  if (network.length === 0) return ' Cordon has no router to tell.'
  const current = leases.current(subscriber)
  if (current.length === 0) return ` ${subscriber} has no lease now: it follows when there is one.`
  const untaken = current.filter(
    lease => lease.doubtFrom === undefined && !network.some(driver => takes(driver, lease)),
  )
  if (untaken.length === 0) return ''
  const why = untaken.flatMap(lease =>
    network.flatMap(driver => driver.whyNot?.(isolatedOn(lease)) ?? []),
  )
  if (why.length > 0)
    return ` ${[...new Set(why)].join('; ')}.`.replace(/^ ./, first => first.toUpperCase())
  return ` No router takes ${untaken.map(({ prefix }) => prefix).join(', ')} (cordon network doctor).`
}

/** `changes`: leases that would be told. */
export function linesMoved(
  parts: DryRunParts,
  changes: readonly LeaseChange[],
  now: number,
): string {
  const moved = movedLeases(parts.leases, changes, now)
  const around = changes.flatMap(({ lease }) => customersAround(parts.leases, lease))
  const before = householdsOf(parts, [...new Set([...moved.subscribers, ...around])])
  return linesBetween(parts, before, withLeases(before, moved))
}

/** What the customers would have with those leases. */
export const withLeases = (
  households: readonly Household[],
  moved: MovedLeases,
): readonly Household[] =>
  households.map(one => ({
    ...one,
    leases: withTaken(moved, one.subscriber.id),
    holdsOthers: lease => othersIn(moved, lease).length > 0,
  }))

/** All lines that the driver would hold, when it is filled. */
export function linesFilled(parts: DryRunParts, driver: NetworkControl): string {
  const ids = [...parts.subscribers.all()].map(({ id }) => id)
  return dryRun(differences(driver, [], householdsOf(parts, ids)))
}

/** All lines that the driver holds, and would not. */
export const linesFlushed = (
  driver: Pick<NetworkControl, 'name'>,
  held: readonly Restriction[],
): string =>
  dryRun(held.map(entry => lineWords(driver.name, entry, { from: entry.state, to: 'default' })))

/** The lines of customers, as they are now and as they would be. */
export function linesBetween(
  parts: Pick<DryRunParts, 'network' | 'off'>,
  before: readonly Household[],
  after: readonly Household[],
): string {
  const isMetAlone = (lease: Lease) => parts.network.some(driver => meetsAlone(driver, lease))
  const doubted = after.flatMap(({ leases }) =>
    leases.filter(one => one.doubtFrom !== undefined && !isMetAlone(one)),
  )
  const doubt =
    doubted.length === 0
      ? ''
      : ` Whether ${doubted.map(({ prefix }) => prefix).join(', ')} is theirs is in doubt: nothing would change there.`
  return `${dryRun(changesBetween(parts, before, after))}${doubt}`
}

/** The same, a line each. */
export function changesBetween(
  { network, off }: Pick<DryRunParts, 'network' | 'off'>,
  before: readonly Household[],
  after: readonly Household[],
): string[] {
  return network.flatMap(driver =>
    off?.get(driver.name) ? [] : differences(driver, before, after),
  )
}

export function householdsOf(
  { leases, subscribers, optOut, cases }: HouseholdParts,
  ids: readonly string[],
): Household[] {
  return ids.flatMap(id => {
    const subscriber = subscribers.get(id)
    if (!subscriber) return []
    const inForce: readonly Decision[] = cases.inForce(lineOf(id))
    const optOuts = optOut?.optOuts.of(id) ?? []
    const holdsOthers = (lease: Lease) => othersIn(leases, lease).length > 0
    return [{ subscriber, leases: withTaken(leases, id), inForce, optOuts, holdsOthers }]
  })
}

function differences(
  driver: NetworkControl,
  now: readonly Household[],
  then: readonly Household[],
): string[] {
  const wantedOf = (all: readonly Household[]) =>
    new Map(
      all
        .flatMap(one => desired({ ...one, meetsOne: lease => driver.meetsOne?.(lease) === true }))
        .map(entry => [restrictionKey(entry), entry]),
    )
  const [before, after] = [wantedOf(now), wantedOf(then)]
  return [...new Map([...before, ...after])].flatMap(([key, entry]) => {
    const from = before.get(key)?.state ?? 'default'
    const to = after.get(key)?.state ?? 'default'
    return from === to || !driver.fits(entry) ? [] : [lineWords(driver.name, entry, { from, to })]
  })
}

export const lineWords = (
  driver: string,
  { prefix, ports, subscriber }: Pick<Restriction, 'prefix' | 'ports' | 'subscriber'>,
  { from, to }: { readonly from: string; readonly to: string },
): string =>
  `${prefix}${ports ? ` ports ${ports.join('-')}` : ''} of ${subscriber} at ${driver}: ${from} -> ${to}`

export const dryRun = (said: readonly string[]): string =>
  `Nothing was done (dry run). ${linesInWords(said)}`

export function linesInWords(said: readonly string[]): string {
  if (said.length === 0) return 'No line would open or close.'
  const more = said.length > MOST ? `; and ${said.length - MOST} more` : ''
  return `These lines would change: ${said.slice(0, MOST).join('; ')}${more}.`
}
