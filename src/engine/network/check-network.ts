// What is wrong with what the network enforces, for `cordon network doctor`: each router compared with what is wanted, what it has not
// confirmed, and lines that no router could close. It changes nothing.

import { desired } from '../../core/isolation/desired.ts'
import type { DecisionKind, Restriction } from '../../model/decision.ts'
import { wordsOf } from '../../model/errors.ts'
import { lineOf } from '../../model/evidence.ts'
import type { Lease } from '../../model/lease.ts'
import type { NetworkStatus } from '../../ports/reading.ts'
import { isolatedOn, meetsAlone, takes } from './met-alone.ts'
import { othersIn } from './overlapping.ts'
import { whyInDoubt } from './why-in-doubt.ts'
import { differenceFrom, type ReconcileParts } from './reconcile.ts'

type Finding = NetworkStatus['worries'][number]

/** Decisions that the network is to do. */
const CLOSING: ReadonlySet<DecisionKind> = new Set(['isolate', 'suspend', 'redirect-25'])

/** Findings of each kind about one router; what is more is counted. */
const MOST = 10

export async function checkNetwork(parts: ReconcileParts): Promise<readonly Finding[]> {
  const found = await Promise.all(parts.drivers.map(driver => aboutRouter(parts, driver)))
  return [
    ...found.flat(),
    ...overlapping(parts),
    ...withoutLease(parts),
    ...doubtful(parts),
    ...unreachable(parts),
  ]
}

async function aboutRouter(
  parts: ReconcileParts,
  driver: ReconcileParts['drivers'][number],
): Promise<Finding[]> {
  const { name } = driver
  const off: Finding[] = parts.off?.get(name)
    ? [{ what: 'router off', about: name, words: 'everything was taken off it by an order' }]
    : []
  const held = await driver.list().catch(wordsOf)
  if (typeof held === 'string')
    // One that remembers it says so itself, and more exactly.
    return driver.failure ? off : [...off, { what: 'router silent', about: name, words: held }]
  const seen = differenceFrom(held, { parts, driver })
  const unconfirmed = held.flatMap(one => (one.standing === undefined ? [] : [one]))
  const isSeen = new Set(unconfirmed.map(placeText))
  const differs = (what: string, all: readonly Restriction[]) =>
    counted(
      all
        .filter(one => !isSeen.has(placeText(one)))
        .map(one => ({ what: 'set differs', about: name, words: `${placeText(one)} ${what}` })),
    )
  return [
    ...off,
    ...counted(
      unconfirmed.map(one => ({
        what: `not confirmed: ${one.standing}`,
        about: name,
        words: `${placeText(one)} ${one.state}${one.words === undefined ? '' : `: ${one.words}`}`,
      })),
    ),
    ...differs('is there and should not be', seen.undone),
    ...differs('is not there as it should be', seen.missing),
  ]
}

const placeText = ({ prefix, subscriber }: Restriction): string => `${prefix} of ${subscriber}`

/** What is left out is about none of those that are named. */
function counted(all: readonly Finding[]): readonly Finding[] {
  const [first] = all
  if (!first || all.length <= MOST) return all
  const abouts = new Set(all.map(({ about }) => about))
  const about = abouts.size === 1 ? first.about : 'others'
  return [...all.slice(0, MOST), { ...first, about, words: `and ${all.length - MOST} more` }]
}

/** Prefixes that a decision or a permission cannot be put on whole, because another customer has a part of them. */
function overlapping(parts: ReconcileParts): readonly Finding[] {
  const { cases, leases, optOuts, subscribers } = parts
  return counted(
    Array.from(subscribers.all()).flatMap(subscriber => {
      const { id } = subscriber
      // Also of one that is in doubt for that.
      const all = leases
        .current(id)
        .filter(lease => unmet(parts, lease) !== undefined)
        .map(({ doubtFrom: _doubt, ...lease }) => lease)
      const inForce = cases.inForce(lineOf(id))
      const wanted = desired({
        subscriber,
        leases: all,
        inForce,
        optOuts: optOuts?.of(id) ?? [],
      })
      return wanted.flatMap(entry => {
        const [other] = othersIn(leases, entry)
        if (!other) return []
        const words = `${entry.prefix} is not ${entry.state}${unmet(parts, { ...entry, from: 0 }) ?? ''}, because ${other.prefix} of ${other.subscriber} is in it`
        return [{ what: 'leases overlap', about: id, words }]
      })
    }),
  )
}

/** Decisions in force on lines that have no address now, as far as is known: nothing is closed. */
function withoutLease({ cases, drivers, leases, subscribers }: ReconcileParts): readonly Finding[] {
  if (drivers.length === 0) return []
  return counted(
    Array.from(subscribers.all()).flatMap(({ id }) => {
      const isMet = (lease: Lease) => drivers.some(driver => meetsAlone(driver, lease))
      if (leases.current(id).length > 0 || leases.taken(id).some(isMet)) return []
      const closing = closingOf(cases, id)
      if (!closing) return []
      const words = `${closing.kind} is in force, and no lease says which address the line has`
      return [{ what: 'no lease', about: id, words }]
    }),
  )
}

/** Decisions in force on lines whose address may be another customer's by now: it is open until that is clear. */
function doubtful(parts: ReconcileParts): readonly Finding[] {
  const { cases, drivers, leases, subscribers } = parts
  if (drivers.length === 0) return []
  return counted(
    Array.from(subscribers.all()).flatMap(({ id }) => {
      const closing = closingOf(cases, id)
      if (!closing) return []
      const doubted = leases.current(id).filter(({ doubtFrom }) => doubtFrom !== undefined)
      const words = `${closing.kind} is in force, and not enforced on`
      return doubted.flatMap(lease => {
        const where = unmet(parts, lease)
        const why = `${words} ${lease.prefix}${where}: ${whyInDoubt(leases, lease)}`
        return where === undefined ? [] : [{ what: 'in doubt', about: id, words: why }]
      })
    }),
  )
}

/** Where a doubt about this lease keeps a driver from it, in words; undefined where it keeps none, because its session alone is met. */
function unmet({ drivers }: ReconcileParts, lease: Lease): string | undefined {
  const taking = drivers.filter(driver => takes(driver, lease))
  const kept = taking.filter(driver => !meetsAlone(driver, lease))
  if (kept.length === taking.length) return ''
  return kept.length === 0 ? undefined : ` at ${kept.map(({ name }) => name).join(', ')}`
}

const closingOf = (cases: ReconcileParts['cases'], id: string) =>
  cases.inForce(lineOf(id)).find(({ kind }) => CLOSING.has(kind))

const SHARED = 'shared addresses'

/** Sessions whose access server has no entry, and leases that fit no router: isolating them would close nothing. */
function unreachable({ drivers, leases, subscribers }: ReconcileParts): Finding[] {
  if (drivers.length === 0) return []
  const lines = new Map<string, number>()
  const long: Finding[] = []
  for (const { id } of subscribers.all())
    for (const lease of leases.current(id)) {
      if (drivers.some(driver => takes(driver, lease))) continue
      const why = drivers.map(driver => driver.whyNot?.(isolatedOn(lease))).find(Boolean)
      if (why !== undefined) {
        long.push({
          what: 'id too long',
          about: id,
          words: `${lease.prefix} is not closed: ${why}`,
        })
        continue
      }
      const { realm, prefix, ports, session } = lease
      const place = `${session?.nas ?? `realm ${realm}`}, ${ports ? SHARED : `/${prefix.split('/')[1]}`}`
      lines.set(place, (lines.get(place) ?? 0) + 1)
    }
  const untaken = [...lines].map(([about, count]) => ({
    what: about.endsWith(SHARED) ? 'shared address' : 'no router',
    about,
    words:
      count === 1
        ? 'one lease that no router takes: isolating it closes nothing in the network'
        : `${count} leases that no router takes: isolating them closes nothing in the network`,
  }))
  return [...counted(long), ...untaken]
}
