// Whom somebody has had to do with: who is new to them is looked at twice.

import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { Who } from '../../model/lease.ts'

/** How long a correspondent is known after the last message. */
const KEPT = 180 * DAY

/** Those among `members` (keyed hashes) that are new to this login; taken, they are not new any more. */
export const correspondentsOf = (login: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `known:${login}`,
  members,
  window: KEPT,
})

/** The same of whoever sends: a login, or where there is none a line or an address. */
export const correspondentsOfSender = (who: Who, members: readonly string[]): Op =>
  correspondentsOf(who.login ?? `line:${who.subscriber ?? who.address}`, members)

/** The same of those who wrote to a login in a name that nobody vouches for: the next in that name is no stranger, and an answer goes to one. */
export const callersOf = (login: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `callers:${login}`,
  members,
  window: KEPT,
})
