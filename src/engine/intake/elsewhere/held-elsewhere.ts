// Mail that another server holds because we said so: Postfix's hold queue, by its queue ids. What is known of it is kept in the ledger, and
// looked at, released and deleted like mail in our own queue (both-queues.ts), by that server's own programs (ports/hold-queue.ts). A
// message that an administrator takes out of that queue by hand is forgotten here, too.

import { MINUTE } from '../../../model/duration.ts'
import { isLongQueueId, isRenamed } from '../../../model/long-queue-id.ts'
import { HELD_AT_ONCE, type HoldQueue, HoldQueueAway } from '../../../ports/hold-queue.ts'
import type { Records } from '../../../ports/records.ts'
import type { QueueFilter, Spool } from '../../../ports/spool.ts'
import { changeThere } from './change-there.ts'
import { type HeldRecord, inOrder, isChosen, rowOf, splitBy } from './held-record.ts'
import { pacedThere, payersThere } from './paced-parts.ts'

/** Messages held by other servers that are remembered; beyond that mail is not held there. A few KB each. */
export const MOST_HELD = 10_000
/**
 * Postfix has it in its hold queue when it has our answer, and asks again for as long as ten minutes. How long ago that was before a restart
 * the wall clock says.
 */
const NOT_YET_THERE = 15 * MINUTE
/** ms. A releaser is taken to be present for this long after its last answer, and to be away for as long as it does not answer. */
const FRESH = 5 * MINUTE
/** ms until messages that are not there yet, or could not be changed, are looked at again. */
const AGAIN = MINUTE

/**
 * `no id`: the server does not say what it calls the message. `short id`: the name is used again. `full`: too many are held. `not asked`: no
 * question since the start, or for minutes, has ended. `away`: it did not answer the last one.
 */
export type NotReleased = 'no id' | 'short id' | 'not asked' | 'away' | 'full'

export type Renamed = { readonly was: string; readonly is: string }

/** Messages that are known no more, though they were not seen to leave. */
export type Lost = {
  /** They have other names there, by which they cannot be released. */
  readonly renamed: readonly Renamed[]
  /** They were never there: the releaser may look at the queue of another server. */
  readonly unseen: readonly string[]
}

/**
 * As of our own queue. Of what is paced a change to `queued` of the `first` few gives these their tokens; what has all of them waits no more,
 * and goes at the second look, which asks that server.
 */
export interface HeldElsewhere extends Pick<Spool, 'list' | 'change' | 'paced' | 'payers'> {
  /** A message held there under this name can be released: a releaser answers, the name is never used again, and there is room. */
  canRelease(id: string | undefined): boolean
  /** What is wrong where it cannot. */
  whyNot(id: string | undefined): NotReleased | undefined
  get(id: string | undefined): HeldRecord | undefined
  /** Resolves with true when it is on disk, and with false where there is no room. */
  keep(held: HeldRecord): Promise<boolean>
  /** As `keep`, of a message that is paced; until `answered` that server was not told to hold it, and what may go is only forgotten. */
  keepUnanswered(held: HeldRecord): Promise<boolean>
  /** What is to be held: undefined where it may go. */
  answered(id: string): HeldRecord | undefined
  /** Where that server was told something else. */
  forget(id: string): Promise<void>
  /**
   * Compares the records with what that server holds; what was lost is told, once. Rejects with HoldQueueAway when that server does not
   * tell.
   */
  look(at: number): Promise<Lost>
  /** Asks that server whether it answers, and changes nothing. Rejects as `look` does. */
  ask(): Promise<unknown>
}

export type HeldElsewhereParts = {
  readonly records: Records<HeldRecord>
  /** None where nothing is configured. */
  readonly queue: HoldQueue | undefined
  readonly now: () => number
  /** Of the same clock (ports/clock.ts). */
  readonly passed: () => number
}

const NOTHING_LOST: Lost = { renamed: [], unseen: [] }

/** Where no other server asks us. */
export const NOTHING_ELSEWHERE: HeldElsewhere = Object.freeze({
  canRelease: () => false,
  whyNot: () => 'away' as const,
  get: () => undefined,
  keep: async () => true,
  keepUnanswered: async () => false,
  answered: () => undefined,
  forget: async () => undefined,
  paced: async () => [],
  payers: async () => [],
  list: async () => [],
  change: async () => [],
  look: async () => NOTHING_LOST,
  ask: async () => undefined,
})

const NOT_HERE = 'no releaser is configured (releaser.socket): say postsuper on the mail server'

export function heldElsewhere(parts: HeldElsewhereParts): HeldElsewhere {
  const { records, queue, now, passed } = parts
  const { asked, lastAsked } = questions({ queue, passed })
  const listed = shared(() => asked(it => it.list()))
  const chosen = (filter: QueueFilter) =>
    [...records.all()].filter(one => isChosen(one, filter)).toSorted(inOrder)
  const heldSince = heldSinceStart(passed)
  const forget = (rows: readonly HeldRecord[]) =>
    Promise.all(
      rows.map(({ id }) => {
        heldSince.forget(id)
        return records.change(id, () => 'gone')
      }),
    )
  const unseen = new Set<string>()
  const forgetLost = (rows: readonly HeldRecord[]) => {
    for (const { id, seen } of rows) if (!seen && unseen.size < MOST_HELD) unseen.add(id)
    return forget(rows)
  }

  /** Those that were held there until now. */
  const settle = async (rows: readonly HeldRecord[], to: 'queued' | 'gone') => {
    const settled: HeldRecord[] = []
    for (let i = 0; i < rows.length; i += HELD_AT_ONCE) {
      const some = rows.slice(i, i + HELD_AT_ONCE)
      const ids = some.map(({ id }) => id)
      try {
        const done = await asked(it => (to === 'queued' ? it.release(ids) : it.remove(ids)))
        settled.push(...some.filter(({ id }) => done.has(id)))
        const [over, others] = splitBy(some, one => done.has(one.id))
        const [lost, coming] = splitBy(others, one => heldSince.isThere(one, now()))
        await forget(over)
        await forgetLost(lost)
        await lookSoon(coming)
      } catch (error) {
        // Looked at again soon: then it is known whether it is still to go.
        await lookSoon(rows.slice(i))
        throw error
      }
    }
    return settled
  }
  /** Looks again soon at messages that are not there yet, or could not be changed. */
  const lookSoon = (rows: readonly HeldRecord[]) =>
    put(rows, one => ({ ...one, due: Math.min(one.due, now() + AGAIN) }))
  const put = (rows: readonly HeldRecord[], to: (one: HeldRecord) => HeldRecord) =>
    Promise.all(rows.map(({ id }) => records.change(id, one => one && to(one))))

  /** Judged now: that server waits for the answer. */
  const unanswered = new Set<string>()
  const whyNot: HeldElsewhere['whyNot'] = id => {
    if (id === undefined || id === '') return 'no id'
    if (!isLongQueueId(id)) return 'short id'
    const last = lastAsked()
    if (typeof last === 'string') return last
    if (passed() - last.answeredAt >= FRESH) return 'not asked'
    return records.get(id) || countOf(records.all()) < MOST_HELD ? undefined : 'full'
  }

  const keep: HeldElsewhere['keep'] = async held => {
    if (!isLongQueueId(held.id)) return true
    if (!records.get(held.id) && countOf(records.all()) >= MOST_HELD) return false
    const isNew = await records.change(held.id, before => (before ? undefined : held))
    if (isNew) heldSince.hold(held.id)
    return true
  }

  return {
    whyNot,
    canRelease: id => whyNot(id) === undefined,
    get: id => (id === undefined ? undefined : records.get(id)),
    keep,
    keepUnanswered: async held => {
      unanswered.add(held.id)
      return keep(held).catch(error => {
        unanswered.delete(held.id)
        throw error
      })
    },
    answered: id => {
      unanswered.delete(id)
      return records.get(id)
    },
    forget: async id => void (await forget(chosen({ message: id }))),
    list: async filter => {
      const { limit = MOST_LISTED, after } = filter
      return chosen(filter)
        .map(rowOf)
        .filter(row => after === undefined || inOrder(row, after) > 0)
        .slice(0, limit)
    },
    paced: async (payer, most) => pacedThere(records.all(), payer, most),
    payers: async () => payersThere(records.all()),
    change: async (filter, change) => {
      const toChange = { now, put, forget, settle, unanswered }
      return (await changeThere(toChange, chosen(filter), { filter, change })).map(rowOf)
    },
    ask: listed,
    look: async at => {
      // Read before the server is asked: a message that is held while the server answers is not forgotten.
      const known = [...records.all()]
      const there = await listed()
      const [present, absent] = splitBy(known, ({ id }) => there.has(id))
      await put(
        present.filter(({ seen }) => !seen),
        one => ({ ...one, seen: true }),
      )
      const left = absent.filter(one => heldSince.isThere(one, at))
      const renamed = renamedOf(left, there)
      const [elsewhere, others] = splitBy(left, ({ id }) => renamed.some(({ was }) => was === id))
      await forget(elsewhere)
      await forgetLost(others)
      const lost = { renamed, unseen: [...unseen] }
      unseen.clear()
      return lost
    },
  }
}

function questions({ queue, passed }: Pick<HeldElsewhereParts, 'queue' | 'passed'>) {
  /** How the last question ended, and when. */
  let last: { readonly answeredAt: number } | 'not asked' | 'away' = queue ? 'not asked' : 'away'
  return {
    lastAsked: () => last,
    asked: async <T>(ask: (queue: HoldQueue) => Promise<T>): Promise<T> => {
      if (!queue) throw new HoldQueueAway(NOT_HERE)
      try {
        const answer = await ask(queue)
        last = { answeredAt: passed() }
        return answer
      } catch (error) {
        last = 'away'
        throw error
      }
    },
  }
}

function renamedOf(left: readonly HeldRecord[], there: ReadonlySet<string>): readonly Renamed[] {
  const short = left.length === 0 ? [] : [...there].filter(id => !isLongQueueId(id))
  return left.flatMap(({ id: was }) =>
    short.filter(is => isRenamed(was, is)).map(is => ({ was, is })),
  )
}

/** How long each message is held that was held since the start, by a clock that never jumps. */
function heldSinceStart(passed: () => number) {
  const heldAt = new Map<string, number>()
  return {
    hold: (id: string) => void heldAt.set(id, passed()),
    forget: (id: string) => void heldAt.delete(id),
    /** Where it is not, it is there no more. Of a message of before the start there is only the clock's time. */
    isThere: ({ id, at: held }: HeldRecord, at: number): boolean => {
      const since = heldAt.get(id)
      return (since === undefined ? at - held : passed() - since) > NOT_YET_THERE
    },
  }
}

/** One question at a time, however many want to know: one that hangs goes on for long. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

/** Rows of a list without another limit, as of our own queue. */
export const MOST_LISTED = 1000

const countOf = (all: Iterable<unknown>): number => [...all].length
