// Looks again at held mail whose time has come: sent on, kept, or given back to its sender.

import { lastHolding, secondLook } from '../../core/isolation/mail-verdict.ts'
import { waitsFor } from '../../core/isolation/waits-for.ts'
import { type Decision, MAX_HOLD_HOURS } from '../../model/decision.ts'
import { heldFor, heldWhy, isOverLimit } from '../../model/held-for.ts'
import { SECOND } from '../../model/duration.ts'
import type { Incident, Status } from '../../model/incident.ts'
import { waitsForWord } from '../../model/waits-for-word.ts'
import type { Chore } from './chore.ts'
import { type HoldingCases, openOrClosed } from './holding-case.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Scanner } from '../../ports/scanner.ts'
import { HoldQueueAway } from '../../ports/hold-queue.ts'
import type { QueueRow, Spool } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import type { Reporter } from '../evidence/report.ts'
import { inTurnAgain, type Waiting } from './in-turn-again.ts'
import type { RoomParts } from './room-again.ts'
import { slowLaneLook } from './slow-lane-look.ts'
import { tellDeleted } from './tell-deleted.ts'

export type SecondLookParts = RoomParts & {
  /** Our queue, and what other servers hold for us. */
  readonly spool: Pick<Spool, 'list' | 'change' | 'body'>
  readonly cases: Pick<Cases, 'inForce'> & HoldingCases
  readonly engine: Pick<Engine, 'open'>
  readonly reporter: Pick<Reporter, 'note' | 'report'>
  readonly subscribers: Pick<Subscribers, 'get' | 'byLogin'>
  readonly ourName: string
  readonly scanner: Scanner
  /** Messages that a look is deleting now: the chore and the end of a case may look at once. */
  readonly expiring: Set<string>
}

/** Messages looked at in one run; the rest waits for the next, so that no run takes long. */
const PER_RUN = 500

export const lookAgainChore: Chore<{ readonly secondLook: SecondLookParts }> = {
  name: 'second look',
  every: 15 * SECOND,
  where: 'everywhere',
  alone: true,
  run: (parts, at) => lookAgain(parts.secondLook, at),
}

export async function lookAgain(parts: SecondLookParts, at: number): Promise<void> {
  await settle(parts, await parts.spool.list({ state: 'held', dueBefore: at, limit: PER_RUN }), at)
}

/**
 * After a release: all mail of the subscriber that waits for evidence is looked at now. Mail that waits for room under a limit, or for the
 * postmaster, waits on: the end of a case does not concern it.
 */
export async function lookAgainAt(
  parts: SecondLookParts,
  subscriber: string,
  at: number,
): Promise<void> {
  let after: QueueRow | undefined
  do {
    const page = { state: 'held', subscriber, limit: PER_RUN, ...(after ? { after } : {}) } as const
    const rows = await parts.spool.list(page)
    const waiting = rows.filter(({ why }) => heldFor(why).reason === 'evidence')
    await settle(parts, waiting, at)
    after = rows.length < PER_RUN ? undefined : rows.at(-1)
  } while (after)
}

async function settle(
  parts: SecondLookParts,
  rows: readonly QueueRow[],
  at: number,
): Promise<void> {
  const byMessage = Map.groupBy(rows, row => row.message)
  let away: HoldQueueAway | undefined
  // What another server holds waits until it can be asked again; our own mail does not.
  const asFarAsThere = async (
    { keptAs }: QueueRow,
    work: (it: SecondLookParts) => Promise<unknown>,
  ) => {
    try {
      await work(away && keptAs !== undefined ? notAsking(parts, away) : parts)
    } catch (error) {
      if (!(error instanceof HoldQueueAway)) throw error
      away = error
    }
  }
  const overLimit: Waiting[] = []
  for (const recipients of byMessage.values())
    await asFarAsThere(recipients[0] as QueueRow, it =>
      settleOne(it, recipients as unknown as Waiting, { at, overLimit }),
    )
  const { released, expired, tooLarge } = await inTurnAgain(parts, overLimit, at)
  const ended = (one: Waiting, answer: string) =>
    asFarAsThere(one[0], it => expire(it, one, { at, answer }))
  for (const [row] of released) await asFarAsThere(row, it => release(it, row, at))
  for (const one of expired) await ended(one, OF_A_CASE)
  for (const one of tooLarge) await ended(one, OF_A_LIMIT)
  if (away) throw away
}

/** A releaser that did not answer is not asked again in this look; all else is done, such as telling a sender. */
function notAsking(parts: SecondLookParts, away: HoldQueueAway): SecondLookParts {
  const { spool, cases, engine, reporter, subscribers, counters, rules } = parts
  const { ourName, scanner, expiring } = parts
  const silent: SecondLookParts['spool'] = {
    list: filter => spool.list(filter),
    body: message => spool.body(message),
    change: (filter, change) =>
      change.to === 'held' ? spool.change(filter, change) : Promise.reject(away),
  }
  const known = { cases, engine, reporter, subscribers, counters, rules, ourName, scanner }
  return { ...known, expiring, spool: silent }
}

type Look = {
  readonly at: number
  /** Gathers what waits for room under a limit and for nothing else. */
  readonly overLimit: Waiting[]
}

async function settleOne(
  parts: SecondLookParts,
  recipients: Waiting,
  { at, overLimit }: Look,
): Promise<void> {
  const [row] = recipients
  const { message } = row
  if (row.why === 'slow-lane' && row.keptAs === undefined) {
    await slowLaneLook(parts, recipients, at)
    parts.reporter.note({ kind: 'held-settled', at, message, outcome: 'released' })
    return
  }
  const incident = worst(row, await openOrClosed(parts.cases, row))
  const last = incident && lastHolding(parts.cases.inForce(incident.subject))
  const byCase = heldFor(row.why).reason === 'evidence'
  const outcome = row.told
    ? ({ to: 'expired' } as const)
    : secondLook({ ...row, ...(byCase ? { byCase } : {}) }, incident, at, last?.until)
  if (outcome.to === 'queued') {
    if (isOverLimit(heldFor(row.why))) overLimit.push(recipients)
    else await release(parts, row, at)
  } else if (outcome.to === 'held') {
    if (row.due === outcome.due) return
    const why = whyKept(row, incident, last)
    await parts.spool.change({ message, state: 'held' }, { to: 'held', due: outcome.due, why })
    note(parts, row, { at, outcome: 'kept' })
  } else await expire(parts, recipients, { at, answer: OF_SPAM })
}

type Noted = { readonly at: number; readonly outcome: 'released' | 'kept' | 'expired' }

function note(
  { reporter }: SecondLookParts,
  { message, login }: QueueRow,
  { at, outcome }: Noted,
): void {
  const whose = login === undefined ? {} : { login }
  reporter.note({ kind: 'held-settled', at, message, outcome, ...whose })
}

async function release(parts: SecondLookParts, row: QueueRow, at: number): Promise<void> {
  const { message } = row
  // A message that another server does not hold any more was released by another program or a person.
  // What had a place in the window, or would have, waits there now: a hold is no way past it.
  const change = { to: 'queued', due: at, byWindow: true } as const
  const released = await parts.spool.change({ message, state: 'held' }, change)
  if (released.length > 0) note(parts, row, { at, outcome: 'released' })
}

type Expiry = { readonly at: number; readonly answer: string }
const OF_SPAM = `held for ${MAX_HOLD_HOURS} hours as suspected spam, and not released`
const OF_A_CASE = `held for ${MAX_HOLD_HOURS} hours because its sender’s mail is held, and not released`
const OF_A_LIMIT = `held for ${MAX_HOLD_HOURS} hours because it has more recipients than a limit lets through in that time, and not released`

async function expire(
  parts: SecondLookParts,
  [{ message }]: Waiting,
  expiry: Expiry,
): Promise<void> {
  if (parts.expiring.has(message)) return
  parts.expiring.add(message)
  try {
    // Another look may have done it since this one read the queue.
    const [row, ...more] = await parts.spool.list({ message, state: 'held' })
    if (row) await tellAndDelete(parts, [row, ...more], expiry)
  } finally {
    parts.expiring.delete(message)
  }
}

/**
 * The sender hears of it before the message goes: a crash in between tells them twice, never not at all. That they were told is kept with what
 * another server holds, because that server may be away then, for days.
 */
async function tellAndDelete(
  parts: SecondLookParts,
  recipients: Waiting,
  { at, answer }: Expiry,
): Promise<void> {
  const [row] = recipients
  const { message, due, why = '' } = row
  const held = { message, state: 'held' } as const
  if (!row.told) await tellDeleted(parts, recipients, { at, answer })
  if (row.keptAs !== undefined && !row.told)
    await parts.spool.change(held, { to: 'held', due, why, told: true })
  await parts.spool.change(held, { to: 'gone' })
  note(parts, row, { at, outcome: 'expired' })
}

/** The reason of the row stays, whatever the case is by now; for mail that waited for a limit until now the case is the reason. */
function whyKept(
  { why }: QueueRow,
  incident: Incident | undefined,
  last: Decision | undefined,
): string {
  const before = heldFor(why)
  if (before.reason === 'evidence' && before.detail !== undefined)
    return heldWhy({ reason: 'evidence', help: before.detail })
  return incident && last
    ? heldWhy({ reason: 'evidence', help: waitsFor(incident.caseCode, last) })
    : 'evidence'
}

/** Of the cases of a message that none keeps for its owner's word: first what contains, last what is over. */
const WEIGHT: Readonly<Record<Status, number>> = {
  contained: 4,
  held: 3,
  probation: 2,
  watched: 1,
  closed: 0,
}

/** The case that matters most for this message: undefined only where there is none. */
function worst(row: QueueRow, cases: readonly Incident[]): Incident | undefined {
  const [heaviest] = cases.toSorted((a, b) => WEIGHT[b.status] - WEIGHT[a.status])
  if (heaviest?.status === 'contained') return heaviest
  return cases.find(one => waitsForWord(row, one)) ?? heaviest
}
