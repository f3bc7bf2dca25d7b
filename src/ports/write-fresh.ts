// What was counted in memory since the last time is added to records on disk. What the disk refuses is back in memory, and written the next time.

import type { Records } from './records.ts'

/** `fresh`: is empty when this resolves, but for what came meanwhile. Rejects when something could not be written; the rest was. */
export async function writeFresh<T extends { readonly id: string }>(
  fresh: Map<string, T>,
  records: Pick<Records<T>, 'change'>,
  merged: (before: T | undefined, fresh: T) => T,
): Promise<void> {
  const counted = [...fresh.values()]
  fresh.clear()
  const written = counted.map(async one => {
    try {
      await records.change(one.id, before => merged(before, one))
    } catch (error) {
      fresh.set(one.id, merged(fresh.get(one.id), one))
      throw error
    }
  })
  await Promise.allSettled(written)
  await Promise.all(written)
}
