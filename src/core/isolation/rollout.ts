// Before port 25 is closed somewhere: which customers use it, for what, how much was seen, and whether it may be closed now. Pure.

import { DAY } from '../../model/duration.ts'
import { contains, parseIp, parsePrefix, type Prefix } from '../../model/ip.ts'
import type { Lease } from '../../model/lease.ts'
import type {
  Coverage,
  Port25Use,
  RolloutPart,
  RolloutState,
  UseKind,
} from '../../model/rollout.ts'

/** Looked at for so long before anything is closed. */
export const MIN_DAYS = 14
/** Uses are kept for so long. */
const KEPT_DAYS = 35
const MAX_DESTINATIONS = 50
/** A day counts when something watched for this share of it. */
const WHOLE = 0.9 * 24 * 60
/** The second letter. */
export const REMIND_BEFORE = 3 * DAY
/** Port 25 is closed no sooner than this after the first letter. */
export const NOTICE = 7 * DAY

export const dayOf = (at: number): number => Math.floor(at / DAY)
export const dayName = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

/** One more sight of a customer reaching a server. */
export function seen(
  before: Port25Use,
  {
    address,
    fanOut,
    at,
  }: { readonly address: string; readonly fanOut: number; readonly at: number },
): Port25Use {
  const day = dayOf(at)
  const young = before.destinations
    .map(one => ({ ...one, days: one.days.filter(other => other > day - KEPT_DAYS) }))
    .filter(one => one.days.length > 0)
  const known = young.find(one => one.address === address)
  const days = known ? [...new Set([day, ...known.days])] : [day]
  const others = young.filter(one => one !== known)
  const destinations = [{ address, days }, ...others].slice(0, MAX_DESTINATIONS)
  return {
    id: before.id,
    destinations,
    more: before.more || others.length >= MAX_DESTINATIONS,
    fanOut: Math.max(before.fanOut, fanOut),
  }
}

/** The use of port 25 that two watchers of one customer have seen together: one not yet on disk, and one written meanwhile. */
export function seenByBoth(one: Port25Use, other: Port25Use): Port25Use {
  const days = new Map<string, Set<number>>()
  for (const { address, days: more } of [...other.destinations, ...one.destinations])
    days.set(address, new Set([...(days.get(address) ?? []), ...more]))
  const oldest = Math.max(...[...days.values()].flatMap(one => [...one])) - KEPT_DAYS
  const destinations = [...days]
    .map(([address, seenOn]) => ({
      address,
      days: [...seenOn].filter(day => day > oldest).toSorted((a, b) => b - a),
    }))
    .filter(one => one.days.length > 0)
  return {
    id: one.id,
    destinations: destinations.slice(0, MAX_DESTINATIONS),
    more: one.more || other.more || destinations.length > MAX_DESTINATIONS,
    fanOut: Math.max(one.fanOut, other.fanOut),
  }
}

/** Destinations at once from which a line looks infected. */
const INFECTED_FROM = 10
/** Destinations up to which a mail program uses servers of other providers; beyond it is a mail server. */
const FEW_SERVERS = 3

/** A bot reaches many at once; a mail server ever other ones; a mail program the same one or two. */
export function useOf({ destinations, fanOut, more }: Port25Use): UseKind {
  if (fanOut >= INFECTED_FROM) return 'looks-infected'
  return destinations.length > FEW_SERVERS || more ? 'own-server' : 'another-server'
}

/** Whole days on which something watched, of the last five weeks. */
export function daysSeen(coverage: Iterable<Coverage>, at: number): number {
  let days = 0
  const oldest = dayName(dayOf(at) - KEPT_DAYS)
  for (const { id, minutes } of coverage) if (id >= oldest && minutes >= WHOLE) days++
  return days
}

/** Whether any of a customer's leases is in that part. */
export function membership(part: RolloutPart): (leases: readonly Lease[]) => boolean {
  const isIn = inPrefixes(part.prefixes)
  return leases => leases.some(isIn)
}

export function inPrefixes(texts: readonly string[]): (lease: Pick<Lease, 'prefix'>) => boolean {
  const prefixes = texts.map(parsePrefix).filter((one): one is Prefix => one !== undefined)
  return ({ prefix }) => {
    const ip = parseIp(prefix.slice(0, prefix.indexOf('/')))
    return ip !== undefined && prefixes.some(one => contains(one, ip))
  }
}

/** Why a part cannot be closed yet; empty when it can. */
export function notYet(
  part: RolloutPart,
  state: RolloutState | undefined,
  { days, untold, at }: { readonly days: number; readonly untold: number; readonly at: number },
): string[] {
  const told = state?.announcedAt
  return [
    ...(days < MIN_DAYS ? [`only ${days} whole days were seen of ${MIN_DAYS}`] : []),
    ...(told === undefined ? ['it is not announced'] : []),
    ...(told !== undefined && at < told + NOTICE ? ['it was announced less than a week ago'] : []),
    ...(at < part.date ? [`its date is ${new Date(part.date).toISOString().slice(0, 10)}`] : []),
    ...(told !== undefined && state?.remindedAt === undefined
      ? ['the second letter has not been sent']
      : []),
    ...(untold > 0 ? [`${untold} customers who use port 25 were not written to`] : []),
  ]
}

/** Prefixes that are still only watched. */
export const watched = (
  parts: readonly RolloutPart[],
  stateOf: (name: string) => RolloutState | undefined,
): string[] =>
  parts.filter(part => stateOf(part.name)?.startedAt === undefined).flatMap(part => part.prefixes)
