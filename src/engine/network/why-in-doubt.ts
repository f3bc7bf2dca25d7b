// Why it is in doubt whose an address is, in words for staff: "ambiguous" alone does not say where to look.

import type { Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'

type LeasesAround = Pick<Leases, 'standing' | 'around' | 'within' | 'begunSince'>

/** Of a lease that stands. `isSilent`: its access server is. */
export function whyInDoubt(
  leases: LeasesAround,
  lease: Lease,
  isSilent: (nas: string) => boolean = () => false,
): string {
  const { realm, prefix, subscriber, doubtFrom, leftBy, claimedBy, session } = lease
  if (doubtFrom === undefined)
    return session && isSilent(session.nas)
      ? `its access server ${session.nas} is silent`
      : `the clock of its access server${session ? ` ${session.nas}` : ''} became another one, and is not known yet`
  const at = doubtFrom
  const timed = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`
  if (leftBy !== undefined)
    return `a Stop of its own session came at ${timed(leftBy)}, and its stamp is older than what the session told before: the clock of its access server was put back, or the number is used again`
  const isOther = (one: Lease) => one.subscriber !== subscriber
  const [wider] = leases.around(realm, prefix).filter(isOther)
  if (wider) return `${wider.prefix} around it is of ${wider.subscriber}, as was told later`
  const [narrower] = leases.within(realm, prefix).filter(isOther)
  if (narrower) return `${narrower.prefix} in it is of ${narrower.subscriber}, as was told later`
  const [other] = [
    ...leases.standing(realm, prefix),
    // Of before those whose address this one has taken.
    ...leases
      .begunSince(realm, prefix, Number.NEGATIVE_INFINITY)
      .filter(({ to = at }) => to >= lease.from),
  ].filter(isOther)
  const claimant = claimedBy ?? other?.subscriber
  return claimant !== undefined
    ? `a session of ${claimant} was told of there, too, and none of its own since ${timed(at)}`
    : `a Stop of another session named it, or news about it came late, and none of its own session since ${timed(at)}`
}
