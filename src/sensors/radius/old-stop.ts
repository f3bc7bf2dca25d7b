// A Stop whose stamp is older than what its session told since. It is of a former life of the session's number, or it is its own, and the clock
// of its access server was put back. The session's next news says which; where there are none in an interim interval, it was its own. Pure.

import { HOUR } from '../../model/duration.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { type SessionNews, WHOLE_SECOND } from './accounting.ts'
import { end, isEnded, leasesOf, type Session } from './session.ts'
import { doubtedFrom, stoppedNow } from './session-leases.ts'

type LeasesThen = Pick<Leases, 'standing' | 'begunSince'>

/** The doubt that it leaves; none where it was heard before, or says itself that it is of other addresses. */
export function doubtedByOldStop(
  session: Session,
  record: SessionNews,
  { now, given }: { readonly now: number; readonly given: LeasesThen },
): LeaseChange[] {
  const { framed, realm, at } = record
  const isOwn = framed.length === 0 || framed.some(({ prefix }) => session.leases.has(prefix))
  const isCopy = framed.some(({ prefix }) =>
    given
      .begunSince(realm, prefix, Number.NEGATIVE_INFINITY)
      .some(one => hasEndedBy(one, record) && Math.abs((one.to ?? 0) - at) <= WHOLE_SECOND),
  )
  if (!isOwn || isCopy) return []
  session.leftBy = now
  // Until its last news it had them, in either case.
  return doubtedFrom(leasesOf(session), session.last, given, { leftBy: now })
}

const hasEndedBy = ({ stopped, session }: Lease, { session: id, nas }: SessionNews): boolean =>
  stopped === true && session?.id === id && session.nas === nas

/** Nothing was told of it for so long since: it was the session's own Stop. Where there are no updates at all, nothing can be said. */
export function isOverSince(session: Session, now: number, interim: number): boolean {
  if (isEnded(session) || session.leftBy === undefined) return false
  if (interim === 0 && session.last <= session.began) return false
  return now - session.leftBy > (interim || HOUR)
}

export function endByOldStop(session: Session): LeaseChange[] {
  const { last: at, leftBy: latest } = session
  session.stopped = true
  return end(session, { at, ...(latest === undefined ? {} : { latest }) }).map(stoppedNow)
}
