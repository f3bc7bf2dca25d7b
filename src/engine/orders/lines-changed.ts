// A dry run: which lines an order would close, open or change in the network, in words. From what is decided, not from what routers hold:
// nothing is asked of them.

import { desired } from '../../core/isolation/desired.ts'
import { type Decision, type Restriction, restrictionKey } from '../../model/decision.ts'
import { lineOf } from '../../model/evidence.ts'
import type { OrderParts } from './order-parts.ts'

export type DryRunParts = Pick<OrderParts, 'network' | 'leases' | 'off' | 'subscribers'> & {
  readonly cases: Pick<OrderParts['cases'], 'inForce'>
  readonly optOut?: OrderParts['optOut']
}

/** Lines that are named; what is more is counted. */
const MOST = 50

/** `inForce`: on the line of this customer, as it would be then. */
export function linesChanged(
  parts: DryRunParts,
  subscriber: string,
  inForce: readonly Decision[],
): string {
  const now = wantedOf(parts, subscriber, parts.cases.inForce(lineOf(subscriber)))
  const then = wantedOf(parts, subscriber, inForce)
  const doubted = parts.leases.current(subscriber).filter(one => one.doubtFrom !== undefined)
  const said = parts.network.flatMap(driver =>
    parts.off?.get(driver.name) ? [] : differences(driver, now, then),
  )
  const doubt =
    doubted.length === 0
      ? ''
      : ` Whether ${doubted.map(({ prefix }) => prefix).join(', ')} is theirs is in doubt: nothing would change there.`
  return `${dryRun(said)}${doubt}`
}

/** All lines that the driver would hold, when it is filled. */
export function linesFilled(parts: DryRunParts, driver: OrderParts['network'][number]): string {
  const all = [...parts.subscribers.all()].flatMap(({ id }) =>
    wantedOf(parts, id, parts.cases.inForce(lineOf(id))),
  )
  return dryRun(differences(driver, [], all))
}

/** All lines that the driver holds, and would not. */
export const linesFlushed = (
  driver: Pick<OrderParts['network'][number], 'name'>,
  held: readonly Restriction[],
): string =>
  dryRun(held.map(entry => words(driver.name, entry, { from: entry.state, to: 'default' })))

function wantedOf(
  { leases, subscribers, optOut }: DryRunParts,
  subscriber: string,
  inForce: readonly Decision[],
): readonly Restriction[] {
  const customer = subscribers.get(subscriber)
  if (!customer) return []
  const optOuts = optOut?.optOuts.of(subscriber) ?? []
  return desired({ subscriber: customer, leases: leases.current(subscriber), inForce, optOuts })
}

function differences(
  driver: OrderParts['network'][number],
  now: readonly Restriction[],
  then: readonly Restriction[],
): string[] {
  const before = new Map(now.map(entry => [restrictionKey(entry), entry]))
  const after = new Map(then.map(entry => [restrictionKey(entry), entry]))
  return [...new Map([...before, ...after])].flatMap(([key, entry]) => {
    const from = before.get(key)?.state ?? 'default'
    const to = after.get(key)?.state ?? 'default'
    return from === to || !driver.fits(entry) ? [] : [words(driver.name, entry, { from, to })]
  })
}

const words = (
  driver: string,
  { prefix, ports, subscriber }: Restriction,
  { from, to }: { readonly from: string; readonly to: string },
): string =>
  `${prefix}${ports ? ` ports ${ports.join('-')}` : ''} of ${subscriber} at ${driver}: ${from} -> ${to}`

function dryRun(said: readonly string[]): string {
  const none = 'Nothing was done (dry run).'
  if (said.length === 0) return `${none} No line would open or close.`
  const more = said.length > MOST ? `; and ${said.length - MOST} more` : ''
  return `${none} These lines would change: ${said.slice(0, MOST).join('; ')}${more}.`
}
