// What the network really does about a line, in words for the person who has just given an order: that person must not believe a line to be
// closed that is not, and reads why.

import type { DecisionKind } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import type { Held } from '../../ports/network-control.ts'
import { isolatedOn, meetsAlone, takes } from '../network/met-alone.ts'
import { othersIn } from '../network/overlapping.ts'
import type { OrderParts } from './order-parts.ts'

type NetworkAsked = Pick<OrderParts, 'network' | 'leases'> & {
  readonly off?: Pick<NonNullable<OrderParts['off']>, 'get'> | undefined
}
type LineAsked = { readonly subscriber: string; readonly decision: DecisionKind }

/** Nothing when each of its addresses is closed by each router that takes it, as these have confirmed. */
export async function enforcedWords(
  { network, leases, off }: NetworkAsked,
  { subscriber, decision }: LineAsked,
): Promise<string> {
  if (!['isolate', 'suspend', 'redirect-25'].includes(decision)) return ''
  // Without a router nothing happens in the network. The person who decides it must not believe that Cordon closes port 25.
  if (network.length === 0)
    return decision === 'redirect-25'
      ? ' Cordon has no router to tell, so it redirects nothing.'
      : " Cordon has no router to tell: only this server's doors enforce it."
  const isMetAlone = (lease: Lease) => network.some(driver => meetsAlone(driver, lease))
  const current = [...leases.current(subscriber), ...leases.taken(subscriber).filter(isMetAlone)]
  const nothing = ' Nothing is enforced in the network:'
  if (current.length === 0)
    return `${nothing} ${subscriber} has no lease now. It follows when there is one.`
  const sure = current.filter(lease => lease.doubtFrom === undefined || isMetAlone(lease))
  if (sure.length === 0)
    return `${nothing} whether ${prefixesOf(current)} is still theirs is in doubt (cordon who). It follows when that is clear.`
  const holding = sure.flatMap(lease =>
    isMetAlone(lease) ? [] : othersIn(leases, lease).slice(0, 1),
  )
  const held: { readonly driver: string; readonly entry: Held }[] = []
  for (const driver of network)
    for (const entry of await driver.list(subscriber).catch(() => []))
      held.push({ driver: driver.name, entry })
  const open = sure.filter(
    ({ realm, prefix }) =>
      !held.some(
        ({ entry }) =>
          entry.realm === realm && entry.prefix === prefix && entry.standing === undefined,
      ),
  )
  const doubt =
    leftWords(current, sure) + doubtWords(sure, { holder: (...asked) => leases.holder(...asked) })
  if (open.length === 0) return `${alsoOpen({ network, off }, { sure, held })}${doubt}`
  const why = held.flatMap(({ driver, entry: { standing, words } }) =>
    standing === undefined
      ? []
      : [`${driver}: ${standing}${words === undefined ? '' : `, ${words}`}`],
  )
  const silent = network.flatMap(driver => {
    const words = driver.failure?.()
    return words === undefined ? [] : [`${driver.name}: ${words}`]
  })
  const notTaken = open.flatMap(lease =>
    network.flatMap(driver => driver.whyNot?.(isolatedOn(lease)) ?? []),
  )
  const isOff = network.every(({ name }) => off?.get(name) !== undefined)
  const reason =
    holding.length > 0
      ? `${holding.map(({ prefix, subscriber: other }) => `${prefix} of ${other}`).join(', ')} is in it, and would be closed as well`
      : why.length > 0
        ? `${why.join('; ')}. It is tried again every minute`
        : notTaken.length > 0
          ? `${[...new Set(notTaken)].join('; ')} (cordon network doctor)`
          : isOff
            ? 'everything was taken off the routers (cordon driver fill)'
            : silent.length > 0
              ? silent.join('; ')
              : 'no router has confirmed it: it takes none of this length, realm or access server, or does not answer (cordon network doctor)'
  return ` NOT enforced on ${prefixesOf(open)}: ${reason}.${doubt}`
}

type LineHeld = {
  readonly sure: readonly Lease[]
  readonly held: readonly { readonly driver: string; readonly entry: Held }[]
}

/** Another router has closed it: those that take it, too, and have not. What passes these alone is open. */
function alsoOpen(
  { network, off }: Pick<NetworkAsked, 'network' | 'off'>,
  { sure, held }: LineHeld,
): string {
  const open = network.flatMap(driver => {
    if (off?.get(driver.name) !== undefined) return []
    const mine = held.filter(one => one.driver === driver.name)
    return sure.flatMap(lease => {
      const { realm, prefix } = lease
      const entry = mine.find(
        one => one.entry.realm === realm && one.entry.prefix === prefix,
      )?.entry
      if (!takes(driver, lease) || (entry && entry.standing === undefined)) return []
      const why = entry?.words ?? driver.failure?.() ?? 'it holds nothing there'
      return [`${prefix} at ${driver.name} (${entry?.standing ?? 'not there'}: ${why})`]
    })
  })
  return open.length === 0
    ? ''
    : ` NOT CONFIRMED on ${open.join('; ')}. It is tried again every minute (cordon network doctor).`
}

/** Of which nothing is done. */
function leftWords(current: readonly Lease[], sure: readonly Lease[]): string {
  const left = current.filter(lease => !sure.includes(lease))
  return left.length === 0
    ? ''
    : ` Nothing is enforced on ${prefixesOf(left)}: whether it is still theirs is in doubt (cordon who).`
}

/** The routers do what the person orders, on what was told last; what is in doubt is said. */
function doubtWords(current: readonly Lease[], { holder }: Pick<Leases, 'holder'>): string {
  const doubtful = current.filter(
    ({ realm, prefix, ports }) =>
      holder(realm, prefix.slice(0, prefix.indexOf('/')), ports?.[0]).sure === 'ambiguous',
  )
  if (doubtful.length === 0) return ''
  return ` Whose ${prefixesOf(doubtful)} is now is in doubt (cordon who), as its access server is silent, or its clock is another one since: release the case if the line may be another customer's.`
}

const prefixesOf = (all: readonly { readonly prefix: string }[]): string =>
  all.map(({ prefix }) => prefix).join(', ')
