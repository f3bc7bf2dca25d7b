// What a change of the queue does with mail that another server holds: it is written down, or that server is asked to do it.

import { PACED } from '../../../model/held-for.ts'
import type { QueueChange, QueueFilter } from '../../../ports/spool.ts'
import { type HeldRecord, outOfWindow, splitBy } from './held-record.ts'

type HeldRecords = readonly HeldRecord[]

export type ChangeThereParts = {
  readonly now: () => number
  readonly put: (rows: HeldRecords, to: (one: HeldRecord) => HeldRecord) => Promise<unknown>
  readonly forget: (rows: HeldRecords) => Promise<unknown>
  /** Asks that server; resolves with those that were held there until now. */
  readonly settle: (rows: HeldRecords, to: 'queued' | 'gone') => Promise<HeldRecords>
  /** Judged now: that server waits for the answer. */
  readonly unanswered: ReadonlySet<string>
}

/** Resolves with what was changed, as it is now. */
export async function changeThere(
  parts: ChangeThereParts,
  rows: HeldRecords,
  { filter, change }: { readonly filter: QueueFilter; readonly change: QueueChange },
): Promise<HeldRecords> {
  const { put, settle } = parts
  if (change.to === 'gone') return settle(rows, 'gone')
  if (change.to === 'queued') {
    const [paced, held] = splitBy(rows, one => one.paced === true)
    if (filter.first !== undefined) return giveTokens(parts, paced, filter.first)
    const [back, out] = splitBy(held, one => change.byWindow === true && one.window !== undefined)
    await put(back, one => ({ ...one, paced: true, why: PACED, due: change.due }))
    return [...back, ...(await settle([...paced, ...out], 'queued'))]
  }
  if (change.to === 'paced') {
    const { due } = change
    // What has no place in the window is not paced.
    const paced = rows.filter(one => one.paced)
    await put(paced, one => ({ ...one, due }))
    return paced.map(one => ({ ...one, due }))
  }
  const { to: _, ...more } = change
  const held = ({ paced: __, ...one }: HeldRecord): HeldRecord => ({ ...one, ...more })
  await put(rows, held)
  return rows.map(held)
}

/** To so many recipients of each. */
async function giveTokens(
  { now, put, forget, unanswered }: ChangeThereParts,
  rows: HeldRecords,
  first: number,
): Promise<HeldRecords> {
  const [left, others] = splitBy(rows, one => (one.window?.units ?? 0) > first)
  await put(left, lessOf(first))
  const [judged, held] = splitBy(others, one => unanswered.has(one.id))
  await forget(judged)
  // It pays no more, whatever that server answers; and a releaser that hangs keeps no other mail of its sender waiting for an answer.
  await put(held, one => outOfWindow({ ...one, due: now() }))
  return rows
}

const lessOf =
  (first: number) =>
  ({ window, ...one }: HeldRecord): HeldRecord =>
    window ? { ...one, window: { ...window, units: window.units - first } } : one
