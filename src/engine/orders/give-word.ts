// What an owner, or staff, say of mail that waits or will be sent goes into the record of its line or login, as an event, so that a replay has it
// too. How often it may be said is counted, because each word opens the window.

import type { EventOf } from '../../model/event.ts'
import { maybeElsewhere, type Subject } from '../../model/evidence.ts'
import type { Actor, OrderOutcome } from '../../model/order.ts'
import type { Op } from '../../model/counter.ts'
import { ownerOf } from '../evidence/gather.ts'
import { type Looked, mayTouch } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'

export type WordParts = Pick<OrderParts, 'counters' | 'reporter' | 'subscribers'>

/** Undefined where there is no such line or login, or it is not the actor's. Beside another server staff may name a login that no list has. */
export function mayTell(
  { subscribers }: Pick<WordParts, 'subscribers'>,
  actor: Actor,
  subject: Subject,
): Looked | undefined {
  const owner = ownerOf(subscribers, subject)
  if (!owner && !maybeElsewhere(subject)) return undefined
  return mayTouch(actor, { subscriber: owner?.id })
}

export const notTheirs = (subject: string): OrderOutcome =>
  refused(`There is no ${subject} here. Write line:CUSTOMER or login:NAME.`)

export type Word = Pick<EventOf<'word-given'>, 'at' | 'subject' | 'said' | 'recipients'> & {
  /** How long what it opens lasts, ms. */
  readonly lasts: number
  /** Said more often it counts nothing. */
  readonly atMost?: { readonly ops: readonly Op[]; readonly tooOften: string }
}

export async function giveWord(
  { counters, reporter }: WordParts,
  actor: Actor,
  { lasts, atMost, ...word }: Word,
  text: string,
): Promise<OrderOutcome> {
  const { at, subject } = word
  if (!(await reporter.paying({ subjects: [subject] }, at)))
    return refused('No mail waits for a window here (evidence.episodes is off).')
  const counted = atMost && (await counters.apply({ at, mode: 'take', ops: atMost.ops }))
  if (counted && 'failed' in counted) return NOT_NOW
  if (counted?.taken === false) return refused(atMost?.tooOften ?? '', 'too-often')
  const until = at + lasts
  const by = actor.kind === 'owner' ? 'owner' : 'staff'
  await reporter.tellEpisodes({ kind: 'word-given', ...word, by, until })
  if (await isKept(reporter, subject, { at, until })) return done(text)
  if (atMost) await counters.apply({ at, mode: 'rollback', ops: atMost.ops })
  return NOT_NOW
}

/** What could not be kept is told as trouble, and not to who gave it. */
async function isKept(
  { paying }: WordParts['reporter'],
  subject: Subject,
  { at, until }: { readonly at: number; readonly until: number },
): Promise<boolean> {
  const now = await paying({ subjects: [subject] }, at).catch(() => undefined)
  const [record] = now?.records ?? []
  return record !== undefined && record.numbers.freeUntil >= until
}

const NOT_NOW: OrderOutcome = {
  done: false,
  unavailable: true,
  text: 'That cannot be written down just now. Please try again in a few minutes.',
}
