// Records of one kind in the ledger, kept in memory beside it: there are some thousands of them, and they are asked for often. What is
// changed is in force at once; of one record, one change at a time is on its way to the disk.

import type { Made, OwnedRecords, RecordRows, Records } from '../../ports/records.ts'
import { changeRecord, type Known, knownOf, NONE } from './change-record.ts'

type Rows = Pick<RecordRows, 'list' | 'get' | 'put' | 'remove'>
type Make<T> = (now: T | undefined) => Made<T>

/** A record that is being changed. */
type Changing<T> = { known: Known<T>; makes: Make<T>[]; last: Promise<unknown> }

export async function ledgerRecords<T extends { readonly id: string }>(
  rows: Rows,
  kind: string,
): Promise<Records<T>> {
  const { get, all, change } = await keptInMemory<T>(rows, kind, () => undefined)
  return { get, all, change }
}

/** The same, found by their subscriber. */
export async function ownedRecords<T extends { readonly id: string; readonly subscriber: string }>(
  rows: Rows,
  kind: string,
): Promise<OwnedRecords<T>> {
  const byOwner = new Map<string, Set<string>>()
  const note = ({ id, subscriber }: T) =>
    void byOwner.set(subscriber, (byOwner.get(subscriber) ?? new Set()).add(id))
  const forget = ({ id, subscriber }: T) => {
    const mine = byOwner.get(subscriber)
    mine?.delete(id)
    if (mine?.size === 0) byOwner.delete(subscriber)
  }
  const records = await keptInMemory<T>(rows, kind, (before, now) => {
    if (before) forget(before)
    if (now) note(now)
  })
  return {
    ...records,
    of: subscriber => [...(byOwner.get(subscriber) ?? [])].flatMap(id => records.get(id) ?? []),
  }
}

/** `moved` is told of every difference in what is in force. */
async function keptInMemory<T extends { readonly id: string }>(
  rows: Rows,
  kind: string,
  moved: (before: T | undefined, now: T | undefined) => void,
): Promise<Records<T>> {
  const revs = new Map<string, number>()
  const inForce = new Map<string, T>()
  const changing = new Map<string, Changing<T>>()
  const show = (id: string, now: T | undefined) => {
    moved(inForce.get(id), now)
    if (now === undefined) inForce.delete(id)
    else inForce.set(id, now)
  }
  const keep = (id: string, { rev, one }: Known<T>, waiting: readonly Make<T>[]) => {
    if (rev === 0) revs.delete(id)
    else revs.set(id, rev)
    show(id, waiting.reduce(applied<T>, one))
  }
  for (const row of await rows.list(kind)) keep(row.id, knownOf<T>(row), [])

  /** What could not be written may have been, all the same: what is on disk counts. */
  const write = async (id: string, state: Changing<T>, make: Make<T>) => {
    try {
      const { known } = state
      const after = await changeRecord(rows, { kind, id, known }, make)
      state.known = after
      return after.changed ? after.one : undefined
    } catch (error) {
      state.known = await rows.get(kind, id).then(knownOf<T>, () => state.known)
      throw error
    } finally {
      state.makes.shift()
      keep(id, state.known, state.makes)
      if (state.makes.length === 0) changing.delete(id)
    }
  }
  return {
    get: id => inForce.get(id),
    all: () => inForce.values(),
    change: async (id, make) => {
      const now = inForce.get(id)
      const made = make(now)
      if (made === undefined || (made === 'gone' && now === undefined)) return undefined
      const rev = revs.get(id)
      const known = rev === undefined ? NONE : { rev, one: now }
      const state = changing.get(id) ?? { known, makes: [], last: Promise.resolve() }
      changing.set(id, state)
      state.makes.push(make)
      show(id, applied(now, make))
      const written = state.last.then(() => write(id, state, make))
      state.last = written.catch(() => undefined)
      return written
    },
  }
}

function applied<T>(now: T | undefined, make: Make<T>): T | undefined {
  const made = make(now)
  return made === undefined ? now : made === 'gone' ? undefined : made
}
