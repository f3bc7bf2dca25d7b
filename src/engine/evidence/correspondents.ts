// The correspondents of a customer: mail to an address that is new to the customer is looked at twice.

import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'

type Writer = {
  readonly login?: string | undefined
  readonly subscriber?: string | undefined
  readonly address: string
}

/** How long a correspondent is known after the last message; a letter once a year goes to no stranger. */
const KEPT = 400 * DAY
/** Correspondents of one login or line: a business has thousands. */
const MOST_KNOWN = 8192
/** How long a sender is known that nothing vouches for. */
const CALLERS_KEPT = 180 * DAY

/** Those among `members` (keyed hashes) that are new to this login; taken, they are not new any more. */
export const correspondentsOf = (login: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `known:${login}`,
  members,
  window: KEPT,
  room: MOST_KNOWN,
})

/** The same of the sender: a login, or where there is none a line or an address. */
export const correspondentsOfSender = (who: Writer, members: readonly string[]): Op =>
  correspondentsOf(who.login ?? `line:${who.subscriber ?? who.address}`, members)

/** A person who was greeted in bulk at once is not known two hours later. */
const MET_TODAY = DAY

/** Mail of a sender whose sum is up makes its recipients known for this time alone. */
const WRITTEN_TODAY = DAY

/**
 * Whom this sender's mail went to within a day while their sum was up: then no recipient is learnt for long, but a second letter to the same person is
 * none to a person never written to before. What is held does not count: its recipients have nothing of it.
 */
export const writtenTodayOf = (who: Writer, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `today:${who.login ?? `line:${who.subscriber ?? who.address}`}`,
  members,
  window: WRITTEN_TODAY,
})

/** Whom this sender has written to for the first time within a day: they are known, but not to what a filter takes for spam. */
export const metTodayBy = (who: Writer, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `met:${who.login ?? `line:${who.subscriber ?? who.address}`}`,
  members,
  window: MET_TODAY,
  room: MOST_KNOWN,
})

/** The same of senders without SPF and DKIM: the next mail in that name is no stranger's, but an answer goes to a stranger. */
export const callersOf = (login: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `callers:${login}`,
  members,
  window: CALLERS_KEPT,
})
