// Mail over a limit whose time has come, first in first out for each sender, and only as much as there is room for. The rest waits for room,
// and behind what is older; none of it goes while a case of its login or line holds mail.

import { lastHolding } from '../../core/isolation/mail-verdict.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import { MINUTE } from '../../model/duration.ts'
import { lineOf, loginOf } from '../../model/evidence.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import type { Cases } from '../../ports/cases.ts'
import type { QueueRow, Spool } from '../../ports/spool.ts'
import { type RoomParts, roomAgain } from './room-again.ts'

export type TurnParts = RoomParts & {
  readonly spool: Pick<Spool, 'list' | 'change'>
  readonly cases: Pick<Cases, 'inForce'>
}

/** One message, a row for each recipient that waits. */
export type Waiting = readonly [QueueRow, ...QueueRow[]]

export type Settled = {
  readonly released: readonly Waiting[]
  readonly expired: readonly Waiting[]
}

/** ms. Even where there is room at once, the next message is not looked at before. */
const LOOK_AGAIN = MINUTE
/** ms. A case may end before what it decided would. */
const LOOK_AT_CASE = 30 * MINUTE

/** The messages of each sender that may be released. `expired`: held by a case for the longest time that mail is held. The others stay held. */
export async function inTurnAgain(
  parts: TurnParts,
  due: readonly Waiting[],
  at: number,
): Promise<Settled> {
  const released: Waiting[] = []
  const expired: Waiting[] = []
  for (const [, mine] of Map.groupBy(due, ([row]) => senderOf(row))) {
    const [[first]] = mine as [Waiting, ...Waiting[]]
    const until = heldUntil(parts, first)
    const held = until === undefined ? undefined : lookAt(until, at)
    const went = held === undefined ? await asRoomAllows(parts, mine, at) : { went: [], from: held }
    released.push(...went.went)
    for (const one of mine.filter(each => !went.went.includes(each))) {
      if (held !== undefined && at >= one[0].at + MAX_HOLD) expired.push(one)
      else await putOff(parts, one, went.from)
    }
  }
  return { released, expired }
}

const lookAt = (until: number, at: number): number =>
  Math.min(Math.max(until, at + LOOK_AGAIN), at + LOOK_AT_CASE)

/** Where mail has no login its line sends it, and where no line is known its envelope sender. */
const senderOf = ({ login, subscriber, sender, local }: QueueRow): string =>
  login === undefined
    ? local
      ? 'local programs'
      : subscriber === undefined
        ? `sender ${sender}`
        : `line ${subscriber}`
    : `login ${login}`

/** When the last decision that holds mail of its login or line ends. */
function heldUntil({ cases }: TurnParts, { login, subscriber }: QueueRow): number | undefined {
  const subjects = [
    ...(login === undefined ? [] : [loginOf(login)]),
    ...(subscriber === undefined ? [] : [lineOf(subscriber)]),
  ]
  return lastHolding(subjects.flatMap(subject => [...cases.inForce(subject)]))?.until
}

async function asRoomAllows(
  parts: TurnParts,
  mine: readonly Waiting[],
  at: number,
): Promise<{ readonly went: readonly Waiting[]; readonly from: number }> {
  const went: Waiting[] = []
  const older = await oldestAhead(parts, mine)
  for (const one of mine.toSorted(([a], [b]) => a.at - b.at || (a.message < b.message ? -1 : 1))) {
    // An older message that had no room before is released first.
    if (older && older.at < one[0].at) return { went, from: Math.max(older.due, at + LOOK_AGAIN) }
    const room = await roomAgain(parts, one, at)
    if (room !== 'counted') return { went, from: Math.max(room.from, at + LOOK_AGAIN) }
    went.push(one)
  }
  return { went, from: at }
}

/** Of the sender's mail over a limit that is not due, the one that came first. */
async function oldestAhead(
  { spool }: TurnParts,
  mine: readonly Waiting[],
): Promise<QueueRow | undefined> {
  const [[first]] = mine as [Waiting, ...Waiting[]]
  const { login, subscriber } = first
  if (login === undefined && subscriber === undefined) return undefined
  const whose = login === undefined ? { subscriber } : { login }
  const due = new Set(mine.map(([{ message }]) => message))
  const rows = await spool.list({ state: 'held', ...whose } as Parameters<Spool['list']>[0])
  return rows
    .filter(
      row =>
        !due.has(row.message) && senderOf(row) === senderOf(first) && isOverLimit(heldFor(row.why)),
    )
    .toSorted((a, b) => a.at - b.at)[0]
}

const putOff = ({ spool }: TurnParts, [{ message, why = '' }]: Waiting, due: number) =>
  spool.change({ message, state: 'held' }, { to: 'held', due, why })
