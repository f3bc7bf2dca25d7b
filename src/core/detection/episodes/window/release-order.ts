// In which order waiting mail of one login is tried: round robin over its buckets, each in the order in which it came. A bot's backlog
// never delays clean mail to known people, and a bucket that has no token closes none of the others.

import type { Bucket } from './refill.ts'

const TURNS: readonly Bucket[] = ['known', 'new', 'spam-to-known', 'spam-to-new']

export function releaseOrder<T extends { readonly bucket: Bucket; readonly since: number }>(
  waiting: readonly T[],
): T[] {
  const lines = TURNS.map(bucket =>
    waiting.filter(one => one.bucket === bucket).toSorted((a, b) => a.since - b.since),
  )
  const longest = Math.max(...lines.map(({ length }) => length))
  const order: T[] = []
  for (let turn = 0; turn < longest; turn++)
    for (const line of lines) {
      const next = line[turn]
      if (next) order.push(next)
    }
  return order
}
