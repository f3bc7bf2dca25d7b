// The one way in which a record is changed: read, made anew, and saved on condition that it is still what was read.

import { StoreUnavailable } from '../../model/errors.ts'
import type { Made, RecordRow, RecordRows } from '../../ports/records.ts'
import { parseBody } from './parse-row.ts'

/** Others are faster so many times in a row only if something is broken. */
const MAX_ATTEMPTS = 100

export type Known<T> = { readonly rev: number; readonly one: T | undefined }

export const NONE = { rev: 0, one: undefined }

export function knownOf<T>(row: RecordRow | undefined): Known<T> {
  return row ? { rev: row.rev, one: parseBody<T>('records', row.id, row.body) } : NONE
}

/** What is known afterwards, and whether this changed it. `known`: what was read before; without it, it is read now. */
export async function changeRecord<T>(
  rows: Pick<RecordRows, 'get' | 'put' | 'remove'>,
  { kind, id, known }: { readonly kind: string; readonly id: string; readonly known?: Known<T> },
  make: (now: T | undefined) => Made<T>,
): Promise<Known<T> & { readonly changed: boolean }> {
  let now = known ?? knownOf<T>(await rows.get(kind, id))
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
    const made = make(now.one)
    if (made === undefined || (made === 'gone' && now.rev === 0)) return { ...now, changed: false }
    const expected = { kind, id, expectedRev: now.rev }
    const answer =
      made === 'gone'
        ? await rows.remove(expected)
        : await rows.put({ ...expected, body: JSON.stringify(made) })
    if (answer === 'removed') return { ...NONE, changed: true }
    if (answer !== 'stale') return { rev: answer, one: made as T, changed: true }
    now = knownOf<T>(await rows.get(kind, id))
  }
  throw new StoreUnavailable(`${kind} ${id} was changed by others ${MAX_ATTEMPTS} times`)
}
