// The cases that a held message may be part of: those of its line and login that are open, or were when it came. A case that is closed since
// says of its mail what it said: to be forgotten makes no spam clean.

import { lineOf, loginOf } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases } from '../../ports/cases.ts'
import type { QueueRow } from '../../ports/spool.ts'

export type HoldingCases = Pick<Cases, 'open' | 'incidents'>

/** Of one line or login, the newest: more are not opened while mail is held. */
const MOST_CASES = 50

/** Rejects where cases cannot be read: then the message stays held, and is looked at again. */
export async function openOrClosed(
  cases: HoldingCases,
  { at, nats, subscriber, login }: Pick<QueueRow, 'at' | 'nats' | 'subscriber' | 'login'>,
): Promise<readonly Incident[]> {
  const subjects = [
    ...(subscriber === undefined ? [] : [lineOf(subscriber)]),
    ...(login === undefined ? [] : [loginOf(login)]),
  ]
  const open = subjects.flatMap(subject => cases.open(subject) ?? [])
  // Mail without evidence is no case's.
  if (nats <= 0) return open
  const all = await Promise.all(
    subjects.map(subject => cases.incidents({ subject, limit: MOST_CASES })),
  )
  const closed = all
    .flat()
    .filter(
      ({ id, status, changedAt }) => isClosedSince({ status, changedAt }, at) && !isIn(open, id),
    )
  return [...open, ...closed]
}

const isClosedSince = (
  { status, changedAt }: Pick<Incident, 'status' | 'changedAt'>,
  at: number,
): boolean => status === 'closed' && changedAt >= at

const isIn = (all: readonly Incident[], id: string): boolean => all.some(one => one.id === id)
