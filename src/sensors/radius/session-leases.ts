// The addresses of one session, as an update names them: what is new begins, what it no longer names ends, what was lost comes back.
// Where another session claims the same address, its holder is in doubt, until one of the sessions is told of again and the other is not.
// Pure.

import type { AccessSession, AddressKind, Lease, LeaseChange } from '../../model/lease.ts'
import { KEA, sameLease, sessionText } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { type Framed, isOldNews, type SessionNews, WHOLE_SECOND } from './accounting.ts'

export type Claimed = {
  /** By prefix. */
  readonly leases: Map<string, Lease>
}

type OpenLeases = Pick<Leases, 'standing'>
type LeasesNow = Pick<Leases, 'standing' | 'begunSince' | 'within' | 'around'>
export type ClaimNeeds = LeasesNow & {
  /** Whether the session of this lease was told of at that time or later. */
  readonly toldSince: (lease: Lease, at: number) => boolean
}
type Claim = SessionNews & {
  readonly subscriber: string
  readonly knownBy?: Lease['knownBy'] | undefined
  /** Another user's session has its number. */
  readonly isOneOfTwo?: boolean
  /** It had ended without a Stop, and goes on. */
  readonly isBack?: boolean
}

/** Leases that begin and end by what one session is told to have. */
export function claim(session: Claimed, told: Claim, given: ClaimNeeds): LeaseChange[] {
  const changes = [...renumbered(session, told)]
  const earliest = told.at - (told.skew ?? 0)
  for (const { prefix, kind } of told.framed) {
    const had = session.leases.get(prefix)
    const standing = given.standing(told.realm, prefix)
    const mine = had && standing.find(one => sameLease(one, had))
    if (mine) {
      const isNews = mine.framed !== kind || isOtherKey(mine, told)
      const learned = isNews ? { framed: kind, ...keyIn(told) } : {}
      session.leases.set(prefix, { ...had, ...learned })
      // Another session has claimed it, before this was told.
      const { doubtFrom, leftBy = doubtFrom } = mine
      const isSure =
        doubtFrom !== undefined && !told.late && earliest >= Math.max(doubtFrom, leftBy ?? 0)
      if (isSure || isNews)
        changes.push({ kind: 'open', lease: { ...(isSure ? undoubted(mine) : mine), ...learned } })
      continue
    }
    const { at } = told
    const lease = leaseOf(told, { prefix, kind })
    // The former holder of this session's number has left: its number says which of both was first.
    const rivals = standing.filter(
      one =>
        one.subscriber !== told.subscriber &&
        (told.isOneOfTwo === true || sessionText(one) !== sessionText(lease)),
    )
    // Another session got it since, as far as access servers told.
    if (had && standing.some(one => one.from >= at)) continue
    session.leases.set(prefix, lease)
    // News that waited somewhere take no address from a session that was told of since.
    const kept =
      isOldNews(told) &&
      rivals.every(one => one.from <= at) &&
      rivals.some(one => given.toldSince(one, at))
    if (kept) {
      changes.push(...doubtedFrom(rivals, at, given, { claimedBy: told.subscriber }))
      continue
    }
    // The session claims it from a subscriber whose session has not ended, or which of both was first is unknown; or another had it since.
    const since = earliest - WHOLE_SECOND
    const hadIt = had !== undefined || told.isBack === true
    const contested = hadIt ? rivals.length > 0 : rivals.some(one => one.from > since)
    const isPassed = given
      .begunSince(told.realm, prefix, at)
      .some(one => one.to !== undefined && one.subscriber !== told.subscriber)
    const claimed = contested || isPassed || isOldNews(told) ? { ...lease, doubtFrom: at } : lease
    changes.push({ kind: 'open', lease: claimed })
    changes.push(...rivals.flatMap(one => doubtedBy(told, one)))
    changes.push(...overlapped(told, prefix, given))
  }
  return changes
}

/**
 * Other customers' sessions with wider or narrower prefixes. None of them ends, because the longest prefix says whose an address is; but the
 * older one may be over, and its Stop lost: it is in doubt until it is told of again. Leases without a session are never told again.
 */
function overlapped(told: Claim, prefix: string, given: LeasesNow): LeaseChange[] {
  const { realm, subscriber, at } = told
  return [...given.around(realm, prefix), ...given.within(realm, prefix)].flatMap(one => {
    if (one.subscriber === subscriber || !isAccounted(one) || one.doubtFrom !== undefined) return []
    if (one.from > at) return doubtedBy(told, one)
    return [{ kind: 'open', lease: { ...one, doubtFrom: at } }]
  })
}

const isAccounted = ({ session }: Lease): boolean => session !== undefined && session.nas !== KEA

/** What is told comes too late to be believed, or may be of later than a lease that began since, as it seems: it may be true all the same. */
function doubtedBy({ at, late }: SessionNews, one: Lease): LeaseChange[] {
  if (one.from <= at || one.doubtFrom !== undefined) return []
  const mayBeFirst = one.from - (one.skew ?? 0) - WHOLE_SECOND <= at
  return late || mayBeFirst ? [{ kind: 'open', lease: { ...one, doubtFrom: one.from } }] : []
}

/** Of a Start of a session that updates have told of already, or a copy: no address of a kind that it has one of. */
export function withoutFormer(session: Claimed, told: SessionNews): SessionNews {
  const kinds = new Set(
    [...session.leases.values()].map(({ framed, prefix }) => framed ?? likelyKind(prefix)),
  )
  return { ...told, framed: told.framed.filter(({ kind }) => !kinds.has(kind)) }
}

/** Whether this session has its addresses now is unknown: so is, then, whether other sessions have them. */
export function doubted({ framed, realm, at }: SessionNews, given: OpenLeases): LeaseChange[] {
  return framed.flatMap(({ prefix }) =>
    given
      .standing(realm, prefix)
      .filter(one => one.doubtFrom === undefined)
      .map(
        (one): LeaseChange => ({
          kind: 'open',
          lease: { ...one, doubtFrom: Math.max(one.from, at) },
        }),
      ),
  )
}

/**
 * What seems to be of a time that is over: of a session that has ended, or of before its access server began anew. It was under way so long, or
 * the clock of its access server is another one since, and it is true. Not so for a copy of what a customer was told to have.
 */
export function doubtedLate(
  told: SessionNews,
  { subscriber, given }: { readonly subscriber: string; readonly given: LeasesNow },
): LeaseChange[] {
  if (!told.late) return []
  const { nas, session: id, user, teller, realm, framed } = told
  const of: AccessSession = { nas, id, user, ...(teller === undefined ? {} : { teller }) }
  const session = sessionText({ session: of })
  const isCopy = (one: Lease) => one.subscriber === subscriber && sessionText(one) === session
  const news = framed.filter(
    ({ prefix }) => !given.begunSince(realm, prefix, Number.NEGATIVE_INFINITY).some(isCopy),
  )
  return doubted({ ...told, framed: news }, given).filter(
    ({ lease }) => lease.subscriber !== subscriber,
  )
}

/**
 * Of a Stop with addresses that its session was not told to have: it had them after these leases began, or may have, so that they may be over,
 * and their Stop lost. Leases without a session are never told again. Those of its own customer stay: that it had an address, and has it no
 * longer by that session, says of no other customer there; and a line that is closed is not opened by what was never seen to begin.
 */
export function doubtedByStop(
  { framed, realm, at }: SessionNews,
  given: OpenLeases,
  customer?: string,
): LeaseChange[] {
  return framed.flatMap(({ prefix }) =>
    given
      .standing(realm, prefix)
      .filter(one => isAccounted(one) && one.doubtFrom === undefined)
      .filter(one => one.subscriber !== customer && one.from <= at - WHOLE_SECOND)
      .map((one): LeaseChange => ({ kind: 'open', lease: { ...one, doubtFrom: one.from } })),
  )
}

/** Whether these leases are over is unknown. */
export function doubtedFrom(
  leases: Iterable<Lease>,
  at: number,
  { standing }: OpenLeases,
  more: Pick<Lease, 'leftBy' | 'claimedBy'> = {},
): LeaseChange[] {
  return [...leases].flatMap(lease =>
    standing(lease.realm, lease.prefix)
      .filter(one => sameLease(one, lease))
      .filter(one => one.doubtFrom === undefined || isNew(one, more))
      .map(
        (one): LeaseChange => ({
          kind: 'open',
          lease: { ...one, doubtFrom: one.doubtFrom ?? at, ...more },
        }),
      ),
  )
}

const isNew = (lease: Lease, { leftBy, claimedBy }: Pick<Lease, 'leftBy' | 'claimedBy'>): boolean =>
  (leftBy !== undefined && leftBy !== lease.leftBy) ||
  (claimedBy !== undefined && claimedBy !== lease.claimedBy)

export const stoppedNow = ({ kind, lease }: LeaseChange): LeaseChange => ({
  kind,
  lease: { ...lease, stopped: true },
})

/** An update that names an address of a kind names all of that kind: what else there was of it has ended. No kind is guessed. */
function* renumbered(session: Claimed, told: Claim): Iterable<LeaseChange> {
  const now = new Set(told.framed.map(({ prefix }) => prefix))
  const kinds = new Set(told.framed.map(({ kind }) => kind))
  for (const [prefix, lease] of session.leases) {
    if (now.has(prefix) || lease.framed === undefined || !kinds.has(lease.framed)) continue
    session.leases.delete(prefix)
    yield { kind: 'close', lease: over(lease, told) }
  }
}

/** As it ended by this. */
export const over = (
  lease: Lease,
  { at, latest }: { readonly at: number; readonly latest?: number | undefined },
): Lease => ({
  ...lease,
  to: Math.max(at, lease.from),
  ...(latest === undefined ? {} : { endedBy: latest }),
})

const keyIn = ({ knownBy }: Claim): Pick<Lease, 'knownBy'> => (knownBy ? { knownBy } : {})

/** What its customer is known by was not kept with it, or is told otherwise now. */
const isOtherKey = ({ knownBy: kept }: Lease, { knownBy }: Claim): boolean =>
  knownBy !== undefined && (kept?.value !== knownBy.value || kept.attribute !== knownBy.attribute)

/** What it comes of nearly always, where a lease of before does not say it. */
export function likelyKind(prefix: string): AddressKind {
  if (!prefix.includes(':')) return prefix.endsWith('/32') ? 'address4' : 'route4'
  if (prefix.endsWith('/128')) return 'address6'
  return prefix.endsWith('/64') ? 'prefix6' : 'delegated6'
}

function leaseOf(told: Claim, { prefix, kind }: Framed): Lease {
  const { realm, subscriber, at, skew, latest, nas, session: id, user, teller } = told
  const session: AccessSession = { nas, id, user, ...(teller === undefined ? {} : { teller }) }
  const lease = { realm, prefix, subscriber, from: at, session, framed: kind, ...keyIn(told) }
  return {
    ...lease,
    ...(skew ? { skew } : {}),
    ...(latest === undefined ? {} : { begunBy: latest }),
  }
}

export function undoubted(doubtful: Lease): Lease {
  const { doubtFrom: _doubt, leftBy: _left, claimedBy: _claim, ...lease } = doubtful
  return lease
}
