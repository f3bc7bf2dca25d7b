// What stands in memory already and was refused by the disk (it is full, its thread ended) is owed to it: it is written again, once a
// second, until it is there. Of each row the newest counts. The caller got an error at the first
// attempt and is not told of the retries.

import type { Commit } from './commit.ts'
import type { Write } from './write.ts'
import type { KeyedWrite } from './write.ts'

export type OwedOptions = {
  /** Called when something owed is on disk. */
  readonly written: () => void
  readonly trouble: (error: unknown, about: string) => void
  /** Calls after so many ms, and returns what takes that back. */
  readonly after?: (ms: number, call: () => unknown) => () => void
  /** Writes that are owed at once, `MOST` by default. */
  readonly most?: number
}

/** From one attempt to the next, ms. */
const RETRY = 1000
/** Rows of one transaction. */
const AT_ONCE = 500
/** Rows that are owed, some hundred bytes each: a day of a full disk. Rows beyond it are lost at a restart; the log says so. */
const MOST = 100_000

export type OwedWrites = {
  write(all: readonly KeyedWrite[]): Promise<void>
  /** Tries once more. */
  close(): Promise<void>
}

export function owedWrites(commit: Pick<Commit, 'write'>, options: OwedOptions): OwedWrites {
  const { written, trouble, after = timer, most = MOST } = options
  const owed = new Map<string, readonly Write[]>()
  /** The last write of each row that is on its way. */
  const newest = new Map<string, KeyedWrite>()
  let flushing: Promise<void> | undefined
  let takeBack = NOTHING_SET
  let overflown = false

  const owe = ({ key, again, sql, parameters }: KeyedWrite & { readonly key: string }) => {
    if (owed.size < most) return void owed.set(key, again ?? [{ sql, parameters }])
    if (overflown) return
    overflown = true
    const words = `the ledger cannot be written, and more than ${most} rows wait: some decisions would be lost at a restart`
    trouble(new Error(words), 'writing to the ledger')
  }
  const later = () => {
    takeBack()
    takeBack = after(RETRY, () => {
      takeBack = NOTHING_SET
      void flush()
    })
  }
  const flush = () => (flushing ??= rewrite().finally(() => (flushing = undefined)))
  const rewrite = async () => {
    while (owed.size > 0) {
      const some = [...owed].slice(0, AT_ONCE)
      try {
        await commit.write(some.flatMap(([, writes]) => writes))
      } catch {
        // The store itself says why it is not well.
        return later()
      }
      for (const [key, writes] of some) if (owed.get(key) === writes) owed.delete(key)
      written()
    }
    overflown = false
  }
  return {
    write: async all => {
      const keyed = all.filter(isKeyed)
      for (const one of keyed) {
        newest.set(one.key, one)
        owed.delete(one.key)
      }
      const settled = (one: KeyedWrite & { readonly key: string }) => {
        const isNewest = newest.get(one.key) === one
        if (isNewest) newest.delete(one.key)
        return isNewest
      }
      try {
        await commit.write(all.map(({ sql, parameters }) => ({ sql, parameters })))
      } catch (error) {
        for (const one of keyed) if (settled(one)) owe(one)
        later()
        throw error
      }
      keyed.forEach(settled)
      // The ledger can be written again.
      if (owed.size > 0) void flush()
    },
    close: async () => {
      takeBack()
      await flush()
      takeBack()
      if (owed.size === 0) return
      const words = `${owed.size} rows of cases were in force and could not be written`
      trouble(new Error(words), 'closing the ledger')
    },
  }
}

const NOTHING_SET = (): void => undefined

const isKeyed = (one: KeyedWrite): one is KeyedWrite & { readonly key: string } =>
  one.key !== undefined

function timer(ms: number, call: () => unknown): () => void {
  const set = setTimeout(call, ms).unref()
  return () => clearTimeout(set)
}
