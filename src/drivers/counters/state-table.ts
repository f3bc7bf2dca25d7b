// States of subjects in memory, the longest unused first. Of a store with a disk behind it only the hot ones are here: what is
// written may be put out of memory, what is not written yet may not.

import { DAY } from '../../model/duration.ts'
import type { KeptState } from '../../ports/subject-state.ts'

/** A row as it goes to the disk and comes from there; without bytes there is none. */
export type StateRow = {
  readonly key: string
  readonly version: number
  readonly at: number
  readonly bytes: Uint8Array
}

/** As long as correspondents are known at most: a state that was not changed in that time says nothing any more. */
export const STATES_KEPT = 400 * DAY

type WritableRow = StateRow & { unwritten: boolean }

/** So many that cannot be put out are passed over when room is made. */
const PASSED_OVER = 8

export class StateTable {
  readonly #most: number
  readonly #rows = new Map<string, WritableRow>()
  /** Keys that are not on the disk as they are here. */
  readonly #unwritten = new Set<string>()
  /** No smaller version is given: a key that was forgotten and made anew never has one that a caller still holds. */
  #newest = 0

  /** Keeps at most so many in memory. */
  constructor(most: number) {
    this.#most = most
  }

  isHot(key: string): boolean {
    return this.#rows.has(key)
  }

  /** All there is room for waits for a disk that takes nothing. */
  get isFull(): boolean {
    return this.#unwritten.size >= this.#most
  }

  read(key: string): KeptState {
    const row = this.#rows.get(key)
    if (!row) return { key, version: 0, bytes: new Uint8Array() }
    this.#rows.delete(key)
    this.#rows.set(key, row)
    return { key, version: row.version, bytes: row.bytes.slice() }
  }

  /** What the disk has of a key that is not here. */
  fill(row: StateRow): void {
    if (this.#rows.has(row.key)) return
    this.#newest = Math.max(this.#newest, row.version)
    this.#rows.set(row.key, { ...row, unwritten: false })
    this.#makeRoom()
  }

  isStale(states: readonly KeptState[]): boolean {
    return states.some(({ key, version }) => (this.#rows.get(key)?.version ?? 0) !== version)
  }

  write(at: number, states: readonly KeptState[]): void {
    for (const { key, bytes } of states) {
      this.#newest++
      const version = bytes.length === 0 ? 0 : this.#newest
      this.#rows.delete(key)
      this.#rows.set(key, { key, version, at, bytes: bytes.slice(), unwritten: true })
      this.#unwritten.add(key)
    }
    this.#makeRoom()
  }

  /** Rows that are to be written: all of them, or those of these keys. */
  unwritten(keys: Iterable<string> = this.#unwritten): StateRow[] {
    const rows: StateRow[] = []
    for (const key of keys) {
      const row = this.#rows.get(key)
      if (row?.unwritten) rows.push({ key, version: row.version, at: row.at, bytes: row.bytes })
    }
    return rows
  }

  /** These rows are on the disk as they were then. */
  written(rows: readonly StateRow[]): void {
    for (const { key, bytes } of rows) {
      const row = this.#rows.get(key)
      if (row?.bytes !== bytes) continue
      row.unwritten = false
      this.#unwritten.delete(key)
    }
  }

  /** Of a table without a disk: the longest unused are forgotten, written or not. */
  keepAtMost(most: number): void {
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= most) return
      this.#rows.delete(key)
      this.#unwritten.delete(key)
    }
  }

  /** Forgets what was not changed for long, but for what waits for the disk. */
  sweep(at: number): void {
    for (const [key, row] of this.#rows)
      if (!row.unwritten && at - row.at > STATES_KEPT) this.#rows.delete(key)
  }

  #makeRoom(): void {
    for (let attempts = 0; this.#rows.size > this.#most && attempts < PASSED_OVER; attempts++) {
      const [oldest] = this.#rows
      if (!oldest) return
      const [key, row] = oldest
      this.#rows.delete(key)
      if (row.unwritten) this.#rows.set(key, row)
      else attempts = -1
    }
  }
}
