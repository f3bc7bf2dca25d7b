// Distinct members per key, exact to 1,024 hashes and then "at least": 16 bytes a member. Plain arrays, because most rows have
// one or two members, and a typed array alone takes 200 bytes.

import type { Put } from './packed-rows.ts'

const MAX_MEMBERS = 1024
/** Times are kept in whole seconds. */
const RESOLUTION = 1000

type Row = { window: number; hashes: number[]; seen: number[] }

export class DistinctTable {
  readonly #rows = new Map<number, Row>()

  /** How many were seen within the window, and how many of `members` were not. */
  read(
    key: number,
    members: readonly number[],
    at: number,
    window: number,
  ): { value: number; novel: number } {
    const row = this.#rows.get(key)
    if (!row)
      return { value: 0, novel: members.length > 1 ? new Set(members).size : members.length }
    const since = Math.max(0, Math.floor((at - window) / RESOLUTION))
    let value = 0
    for (const seen of row.seen) if (seen >= since) value++
    let novel = 0
    for (const member of distinct(members)) if (!isFresh(row, member, since)) novel++
    return { value, novel }
  }

  /** Marks the members as seen. Beyond 1,024 the longest unseen makes room. */
  add(key: number, members: readonly number[], at: number, window: number): void {
    let row = this.#rows.get(key)
    if (!row) {
      row = { window, hashes: [], seen: [] }
      this.#rows.set(key, row)
    }
    const now = Math.floor(at / RESOLUTION)
    for (const member of distinct(members)) {
      const index = row.hashes.indexOf(member)
      const place = index >= 0 ? index : roomFor(row, Math.max(0, now - window / RESOLUTION))
      row.hashes[place] = member
      row.seen[place] = Math.max(row.seen[place] ?? 0, now)
    }
  }

  /** The window and then each member and when it was seen, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const row = this.#rows.get(key)
    if (!row) return
    put(row.window)
    for (let i = 0; i < row.hashes.length; i++) {
      put(row.hashes[i] as number)
      put(row.seen[i] as number)
    }
  }

  unpack(key: number, [window = 0, ...members]: readonly number[]): void {
    for (let i = 0; i + 1 < members.length; i += 2)
      this.add(key, [members[i] as number], (members[i + 1] as number) * RESOLUTION, window)
  }

  sweep(at: number): number[] {
    const gone: number[] = []
    for (const [key, row] of this.#rows) {
      const since = (at - row.window) / RESOLUTION
      if (row.seen.every(seen => seen < since)) {
        this.#rows.delete(key)
        gone.push(key)
      }
    }
    return gone
  }

  get rows(): number {
    return this.#rows.size
  }
}

const distinct = (members: readonly number[]): Iterable<number> =>
  members.length > 1 ? new Set(members) : members

function isFresh(row: Row, member: number, since: number): boolean {
  const index = row.hashes.indexOf(member)
  return index >= 0 && (row.seen[index] as number) >= since
}

/** A place for one more: past ones first, then new room, then the one unseen longest. */
function roomFor(row: Row, since: number): number {
  const { seen } = row
  let oldest = 0
  for (let i = 1; i < seen.length; i++)
    if ((seen[i] as number) < (seen[oldest] as number)) oldest = i
  const past = seen.length > 0 && (seen[oldest] as number) < since
  if (!past && seen.length < MAX_MEMBERS) return seen.length
  seen[oldest] = 0
  return oldest
}
