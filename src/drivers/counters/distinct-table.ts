// Distinct members per key, exact to 1,024 hashes and then "at least": 12 bytes a member.

const MAX_MEMBERS = 1024
/** Times are kept in whole seconds. */
const RESOLUTION = 1000

type Row = { count: number; window: number; hashes: Float64Array; seen: Uint32Array }
export type DistinctRow = {
  readonly window: number
  readonly members: readonly (readonly [number, number])[]
}

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
    const since = Math.max(0, Math.floor((at - window) / RESOLUTION))
    let value = 0
    if (row) for (let i = 0; i < row.count; i++) if ((row.seen[i] as number) >= since) value++
    let novel = 0
    const asked = new Set(members)
    for (const member of asked) if (!row || !isFresh(row, member, since)) novel++
    return { value, novel }
  }

  /** Marks the members as seen. Beyond 1,024 the longest unseen makes room. */
  add(key: number, members: readonly number[], at: number, window: number): void {
    let row = this.#rows.get(key)
    if (!row) {
      row = { count: 0, window, hashes: new Float64Array(4), seen: new Uint32Array(4) }
      this.#rows.set(key, row)
    }
    const now = Math.floor(at / RESOLUTION)
    for (const member of new Set(members)) {
      const index = row.hashes.subarray(0, row.count).indexOf(member)
      const place = index >= 0 ? index : roomFor(row, Math.max(0, now - window / RESOLUTION))
      row.hashes[place] = member
      row.seen[place] = Math.max(row.seen[place] ?? 0, now)
    }
  }

  export(key: number): DistinctRow | undefined {
    const row = this.#rows.get(key)
    if (!row) return undefined
    const members = Array.from(
      { length: row.count },
      (_, i) => [row.hashes[i], row.seen[i]] as [number, number],
    )
    return { window: row.window, members }
  }

  import(key: number, saved: DistinctRow): void {
    for (const [member, seen] of saved.members)
      this.add(key, [member], seen * RESOLUTION, saved.window)
  }

  sweep(at: number): number[] {
    const gone: number[] = []
    for (const [key, row] of this.#rows) {
      const since = (at - row.window) / RESOLUTION
      if (row.seen.subarray(0, row.count).every(seen => seen < since)) {
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

function isFresh(row: Row, member: number, since: number): boolean {
  const index = row.hashes.subarray(0, row.count).indexOf(member)
  return index >= 0 && (row.seen[index] as number) >= since
}

/** A place for one more: past ones first, then new room, then the one unseen longest. */
function roomFor(row: Row, since: number): number {
  let oldest = 0
  for (let i = 1; i < row.count; i++)
    if ((row.seen[i] as number) < (row.seen[oldest] as number)) oldest = i
  const past = row.count > 0 && (row.seen[oldest] as number) < since
  if (past || row.count >= MAX_MEMBERS) {
    row.seen[oldest] = 0
    return oldest
  }
  if (row.count === row.hashes.length) {
    const hashes = new Float64Array(row.count * 2)
    const seen = new Uint32Array(row.count * 2)
    hashes.set(row.hashes)
    seen.set(row.seen)
    row.hashes = hashes
    row.seen = seen
  }
  return row.count++
}
