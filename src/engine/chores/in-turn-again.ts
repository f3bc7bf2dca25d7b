// Mail over a limit whose time has come, first in first out for each sender, and only as much as there is room for. The rest waits for room,
// and behind what is older; none of it goes while a case of its login or line holds mail.

import { lastHolding } from '../../core/isolation/mail-verdict.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import { MINUTE } from '../../model/duration.ts'
import { isLine, lineOf, loginOf } from '../../model/evidence.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import type { Cases } from '../../ports/cases.ts'
import type { QueueRow, Spool } from '../../ports/spool.ts'
import { HELD_BY_CASE, mailOf } from '../evidence/mail-of.ts'
import { type Recipients, type RoomParts, roomAgain, waitOf } from './room-again.ts'

export type TurnParts = RoomParts & {
  readonly spool: Pick<Spool, 'list' | 'change'>
  readonly cases: Pick<Cases, 'inForce' | 'open'>
}

/** One message, a row for each recipient that waits. */
export type Waiting = Recipients

export type Settled = {
  readonly released: readonly Waiting[]
  /** Held by a case for the longest time that mail is held. */
  readonly expired: readonly Waiting[]
  /** With evidence, and larger than what the limit lets leave in that time. */
  readonly tooLarge: readonly Waiting[]
}

/** ms. Even where there is room at once, the next message is not looked at before. */
const LOOK_AGAIN = MINUTE
/** ms. A case may end before what it decided would. */
const LOOK_AT_CASE = 30 * MINUTE

/** The messages of each sender that may be released, and those that are to be given up. The others stay held. */
export async function inTurnAgain(
  parts: TurnParts,
  due: readonly Waiting[],
  at: number,
): Promise<Settled> {
  const settled = { released: [] as Waiting[], expired: [] as Waiting[], tooLarge: [] as Waiting[] }
  for (const [, mine] of Map.groupBy(due, ([row]) => senderOf(row))) {
    const [[first]] = mine as [Waiting, ...Waiting[]]
    const until = await heldUntil(parts, first)
    if (until === undefined) await inTurnOf(parts, mine, { at, settled })
    else
      for (const one of mine)
        if (at >= one[0].at + MAX_HOLD) settled.expired.push(one)
        else await waitUntil(parts, one, lookAt(until, at))
  }
  return settled
}

type Turn = {
  readonly at: number
  readonly settled: { readonly released: Waiting[]; readonly tooLarge: Waiting[] }
}

/** Large messages wait by themselves, the others in the order in which they came. */
async function inTurnOf(
  parts: TurnParts,
  mine: readonly Waiting[],
  { at, settled }: Turn,
): Promise<void> {
  const others: Waiting[] = []
  for (const some of mine) {
    const one = await whole(parts, some)
    const wait = waitOf(parts, one, at)
    const [{ at: came, nats }] = one
    if (wait === 0) others.push(one)
    else if (at < came + Math.min(wait, MAX_HOLD))
      await waitUntil(parts, one, came + Math.min(wait, MAX_HOLD))
    else if (wait >= MAX_HOLD && nats > 0) settled.tooLarge.push(one)
    else {
      const room = await roomAgain(parts, one, at)
      if (room === 'counted') settled.released.push(one)
      else await waitUntil(parts, one, Math.max(room.from, at + LOOK_AGAIN))
    }
  }
  const { went, from } = await asRoomAllows(parts, others, at)
  settled.released.push(...went)
  for (const one of others.filter(each => !went.includes(each))) await waitUntil(parts, one, from)
}

/** A run reads so many rows, and may have read a part of a message. */
async function whole({ spool }: TurnParts, some: Waiting): Promise<Waiting> {
  const [{ keptAs, message }] = some
  if (keptAs !== undefined || some.length === 1) return some
  const [first = some[0], ...others] = await spool.list({ message, state: 'held' })
  return [first, ...others]
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

/** Until when a case holds mail of its login or line, as a decision or because that mail waits for a word. */
async function heldUntil(
  { cases, spool }: TurnParts,
  { login, subscriber }: QueueRow,
): Promise<number | undefined> {
  const subjects = [
    ...(login === undefined ? [] : [loginOf(login)]),
    ...(subscriber === undefined ? [] : [lineOf(subscriber)]),
  ]
  const last = lastHolding(subjects.flatMap(subject => [...cases.inForce(subject)]))
  if (last) return last.until
  // Without a case of the line, what other logins of its customer wait for is not this login's.
  const of = subjects.filter(
    subject => !isLine(subject) || login === undefined || cases.open(subject) !== undefined,
  )
  for (const subject of of) {
    const [waits] = await spool.list({ ...mailOf(subject), ...HELD_BY_CASE, limit: 1 })
    if (waits) return waits.due
  }
  return undefined
}

async function asRoomAllows(
  parts: TurnParts,
  mine: readonly Waiting[],
  at: number,
): Promise<{ readonly went: readonly Waiting[]; readonly from: number }> {
  const went: Waiting[] = []
  if (mine.length === 0) return { went, from: at }
  const older = await oldestAhead(parts, mine, at)
  for (const one of mine.toSorted(([a], [b]) => a.at - b.at || (a.message < b.message ? -1 : 1))) {
    // An older message that had no room before is released first.
    if (older && older.at < one[0].at) return { went, from: Math.max(older.due, at + LOOK_AGAIN) }
    const room = await roomAgain(parts, one, at)
    if (room !== 'counted') return { went, from: Math.max(room.from, at + LOOK_AGAIN) }
    went.push(one)
  }
  return { went, from: at }
}

/** Of the sender's mail over a limit that is not due and not large, the one that came first. */
async function oldestAhead(
  parts: TurnParts,
  mine: readonly Waiting[],
  at: number,
): Promise<QueueRow | undefined> {
  const [[first]] = mine as [Waiting, ...Waiting[]]
  const { login, subscriber } = first
  if (login === undefined && subscriber === undefined) return undefined
  const whose = login === undefined ? { subscriber } : { login }
  const due = new Set(mine.map(([{ message }]) => message))
  const rows = await parts.spool.list({ state: 'held', ...whose } as Parameters<Spool['list']>[0])
  const waiting = rows.filter(
    row =>
      !due.has(row.message) && senderOf(row) === senderOf(first) && isOverLimit(heldFor(row.why)),
  )
  return [...Map.groupBy(waiting, row => row.message).values()]
    .filter(one => waitOf(parts, one as unknown as Waiting, at) === 0)
    .flatMap(([row]) => row ?? [])
    .toSorted((a, b) => a.at - b.at)[0]
}

const waitUntil = ({ spool }: TurnParts, [{ message, why = '' }]: Waiting, due: number) =>
  spool.change({ message, state: 'held' }, { to: 'held', due, why })
