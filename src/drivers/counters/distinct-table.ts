// Distinct members per key, exact to 1,024 hashes, or as many as asked for, and then "at least". Nearly all rows have one member: those lie
// in typed arrays, and only what has more is an object of its own, at 16 bytes a member.

import { FlatTable, type RowPlace } from './flat-table.ts'
import type { Put } from './packed-rows.ts'

/** Members of a row that asks for no more. */
export const ROOM = 1024
/** Times are kept in whole seconds. */
const RESOLUTION = 1000

// Columns of a row with one member, after its key; a row with more has a window of 0 there.
const [WINDOW, MEMBER, SEEN] = [1, 2, 3]

/** Before every window: what was seen then is past. */
const NEVER = -1

/** No member was seen before `oldest`: where that is within the window, none need be looked through. */
type MembersRow = { window: number; hashes: number[]; seen: number[]; oldest: number }
/** Seconds; what was seen before `since` is past. */
type Sight = {
  readonly member: number
  readonly now: number
  readonly since: number
  readonly room: number
}
/** For how long members are known, and how many at most. */
type RowSize = {
  /** ms; what was not seen for so long is forgotten. */
  readonly window: number
  /** Members of a row, 1,024 by default; the oldest go first. */
  readonly room?: number | undefined
}

export class DistinctTable {
  readonly #single = new FlatTable(3)
  readonly #rows = new Map<number, MembersRow>()

  /** How many were seen within the window, and how many of `members` were not. */
  read(
    key: number,
    members: readonly number[],
    at: number,
    window: number,
  ): { value: number; novel: number } {
    const single = this.#single.find(key)
    if (!single) return { value: 0, novel: countOf(members) }
    const since = Math.max(0, Math.floor((at - window) / RESOLUTION))
    const row = this.#rowAt(single, key)
    if (!row) {
      const fresh = (single.numbers[single.at + SEEN] as number) >= since
      if (!fresh) return { value: 0, novel: countOf(members) }
      const known = members.includes(single.numbers[single.at + MEMBER] as number)
      return { value: 1, novel: countOf(members) - (known ? 1 : 0) }
    }
    const value = countSeen(row, since)
    let novel = 0
    for (const member of distinct(members)) if (!isFresh(row, member, since)) novel++
    return { value, novel }
  }

  /** Marks the members as seen. Beyond its room the longest unseen makes place. */
  add(key: number, members: readonly number[], at: number, { window, room = ROOM }: RowSize): void {
    const now = Math.floor(at / RESOLUTION)
    const since = Math.max(0, now - window / RESOLUTION)
    for (const member of members) {
      const single = this.#single.find(key)
      const row = single && this.#rowAt(single, key)
      if (row) addTo(row, { member, now, since, room })
      else if (single) this.#again(single, key, { member, now, since, room })
      else this.#first(key, window, { member, now })
    }
  }

  /** As if these had never been seen. */
  remove(key: number, members: readonly number[]): void {
    const single = this.#single.find(key)
    if (!single) return
    const row = this.#rowAt(single, key)
    for (const member of members) {
      const index = row ? row.hashes.indexOf(member) : -1
      if (row && index >= 0) row.seen[index] = row.oldest = NEVER
      else if (!row && single.numbers[single.at + MEMBER] === member)
        single.numbers[single.at + SEEN] = NEVER
    }
  }

  /** The window and then each member and when it was seen, for the disk; nothing when there is no such row. */
  pack(key: number, put: Put): void {
    const single = this.#single.find(key)
    if (!single) return
    const row = this.#rowAt(single, key)
    if (!row) {
      for (let i = WINDOW; i <= SEEN; i++) put(single.numbers[single.at + i] as number)
      return
    }
    put(row.window)
    for (let i = 0; i < row.hashes.length; i++) {
      put(row.hashes[i] as number)
      put(row.seen[i] as number)
    }
  }

  /** Whatever was there of this key is gone; how many there were is how many there are. */
  unpack(key: number, [window = 0, ...members]: readonly number[]): void {
    if (members.length === 0) return
    const { numbers, at } = this.#single.findOrAdd(key)
    this.#rows.delete(key)
    numbers[at + WINDOW] = members.length === 2 ? window : 0
    numbers[at + MEMBER] = members[0] as number
    numbers[at + SEEN] = members[1] as number
    if (members.length === 2) return
    const hashes = members.filter((_, i) => i % 2 === 0)
    const seen = members.filter((_, i) => i % 2 === 1)
    this.#rows.set(key, { window, hashes, seen, oldest: NEVER })
  }

  sweep(at: number): number[] {
    return this.#single.sweep((place, key) => {
      const { numbers, at: from } = place
      const row = this.#rowAt(place, key)
      const since = (at - (row?.window ?? numbers[from + WINDOW] ?? 0)) / RESOLUTION
      const passed = row
        ? row.seen.every(seen => seen < since)
        : (numbers[from + SEEN] as number) < since
      if (passed && row) this.#rows.delete(key)
      return passed
    })
  }

  get rows(): number {
    return this.#single.rows
  }

  #rowAt({ numbers, at }: RowPlace, key: number): MembersRow | undefined {
    return numbers[at + WINDOW] === 0 ? this.#rows.get(key) : undefined
  }

  #first(key: number, window: number, { member, now }: Pick<Sight, 'member' | 'now'>): void {
    const { numbers, at } = this.#single.findOrAdd(key)
    numbers[at + WINDOW] = window
    numbers[at + MEMBER] = member
    numbers[at + SEEN] = now
  }

  /** The one that is there is seen again, makes room because it is past, or gets company. */
  #again({ numbers, at }: RowPlace, key: number, { member, now, since }: Sight): void {
    const [before, seen] = [numbers[at + MEMBER] as number, numbers[at + SEEN] as number]
    if (before === member || seen < since) {
      numbers[at + MEMBER] = member
      numbers[at + SEEN] = Math.max(before === member ? seen : 0, now)
      return
    }
    const window = numbers[at + WINDOW] as number
    this.#rows.set(key, {
      window,
      hashes: [before, member],
      seen: [seen, now],
      oldest: Math.min(seen, now),
    })
    numbers[at + WINDOW] = 0
  }
}

const distinct = (members: readonly number[]): Iterable<number> =>
  members.length > 1 ? new Set(members) : members

const countOf = (members: readonly number[]): number =>
  members.length > 1 ? new Set(members).size : members.length

function isFresh(row: MembersRow, member: number, since: number): boolean {
  const index = row.hashes.indexOf(member)
  return index >= 0 && (row.seen[index] as number) >= since
}

function addTo(row: MembersRow, { member, now, since, room }: Sight): void {
  const index = row.hashes.indexOf(member)
  const place = index >= 0 ? index : roomFor(row, since, room)
  row.hashes[place] = member
  row.seen[place] = Math.max(row.seen[place] ?? 0, now)
  row.oldest = Math.min(row.oldest, row.seen[place])
}

function countSeen(row: MembersRow, since: number): number {
  const { seen } = row
  if (row.oldest >= since) return seen.length
  let value = 0
  let oldest = Number.POSITIVE_INFINITY
  for (const one of seen) {
    if (one >= since) value++
    if (one < oldest) oldest = one
  }
  row.oldest = oldest
  return value
}

/** A place for one more: past ones first, then new room, then the one unseen longest. */
function roomFor(row: MembersRow, since: number, room: number): number {
  const { seen } = row
  if (row.oldest >= since && seen.length < room) return seen.length
  let oldest = 0
  for (let i = 1; i < seen.length; i++)
    if ((seen[i] as number) < (seen[oldest] as number)) oldest = i
  const past = seen.length > 0 && (seen[oldest] as number) < since
  if (!past && seen.length < room) return seen.length
  seen[oldest] = 0
  return oldest
}
