// What was counted before this start, read from the file into memory; or nothing, and a sentence about what became of the file.

import { checkFile } from '../sqlite/check-file.ts'
import { NewerCordon } from '../sqlite/newer-cordon.ts'
import { liesInFile, storeProblem } from '../sqlite/store-problem.ts'
import type { MemoryCounters } from './memory.ts'
import { openRowFile, ROW_TABLES, rowsOf } from './row-file.ts'
import { setAside } from './set-aside.ts'

export type CountedBefore = {
  readonly counters: MemoryCounters
  readonly begunAnew: string | undefined
}

/** `inUse`: there were counters in this folder. Throws a sentence when the world around does not let them be read. */
export function countedBefore(
  path: string,
  make: () => MemoryCounters,
  inUse: boolean,
): CountedBefore {
  const found = checkFile(path, ROW_TABLES)
  const anew = (why: string) => ({ counters: make(), begunAnew: setAside(path, why) })
  if (found.state === 'damaged') return anew(found.why)
  const missing = found.state === 'none' && inUse
  try {
    const counters = make()
    readInto(counters, path)
    return { counters, begunAnew: missing ? `${path} was empty or missing` : undefined }
  } catch (error) {
    if (error instanceof NewerCordon) throw error
    if (!liesInFile(error)) throw storeProblem(error, path)
    return anew((error as Error).message)
  }
}

function readInto(counters: MemoryCounters, path: string): void {
  const file = openRowFile(path)
  try {
    const told: (readonly [number, number[]])[] = []
    for (const [kind, key, numbers] of rowsOf(file))
      if (kind === 'once') told.push([key, numbers])
      else counters.unpack(kind, key, numbers)
    // In the order in which they were told: the oldest is forgotten first.
    told.sort(([, [a = 0]], [, [b = 0]]) => a - b)
    for (const [key, numbers] of told) counters.unpack('once', key, numbers)
  } finally {
    file.close()
  }
}
