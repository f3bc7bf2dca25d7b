// What came with which domain in From, by day, for those domains that ask for reports: counted in memory and written down every few
// minutes, each row a record of its own, so that only what changed is written. A crash loses what was counted since then.

import { createHash } from 'node:crypto'
import type { CountedRow } from '../../../mail/dmarc/dmarc-report.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import type { DmarcRow } from '../../../model/dmarc-row.ts'
import type { Records } from '../../../ports/records.ts'
import { writeFresh } from '../../../ports/write-fresh.ts'

/** Bytes of JSON: of all rows, and of those of a day and an organisational domain, so that no stranger fills it for the others. */
const MOST = 64 * 2 ** 20
const MOST_OF_ONE = 2 * 2 ** 20

export type DmarcCountsParts = {
  readonly records: Records<CountedRow>
  readonly now: () => number
}

export class DmarcCounts {
  readonly #parts: DmarcCountsParts
  readonly #fresh = new Map<string, CountedRow>()
  readonly #bytes = new Map<string, number>()
  #all = 0
  #left = 0

  constructor(parts: DmarcCountsParts) {
    this.#parts = parts
    for (const one of parts.records.all()) this.#add(one, 1)
  }

  seen(row: DmarcRow): void {
    const { records, now } = this.#parts
    const at = now()
    const id = `${dayOf(at)} ${row.published.domain} ${keyOf(row)}`
    const one: CountedRow = { id, row, count: 1, at }
    const before = this.#fresh.get(id)
    if (!before && !records.get(id) && !this.#add(one, 1)) this.#left++
    else this.#fresh.set(id, merged(before, one))
  }

  /** Rejects when the disk refuses it; it is written the next time then. */
  write(): Promise<void> {
    return writeFresh(this.#fresh, this.#parts.records, merged)
  }

  /** Messages for which there was no room since the last time. */
  left(): number {
    const left = this.#left
    this.#left = 0
    return left
  }

  /** It was reported, or is not to be. */
  async forget(one: CountedRow): Promise<void> {
    const known = this.#parts.records.get(one.id)
    await this.#parts.records.change(one.id, () => 'gone')
    if (known) this.#add(known, -1)
  }

  /** False, and nothing is changed, where there is no room for it. */
  #add(one: CountedRow, sign: 1 | -1): boolean {
    const [day = '', domain = ''] = one.id.split(' ')
    const key = `${day} ${organisationalDomain(domain)}`
    const size = sizeOf(one)
    const before = this.#bytes.get(key) ?? 0
    if (sign > 0 && (this.#all + size > MOST || before + size > MOST_OF_ONE)) return false
    this.#all += sign * size
    if (before + sign * size > 0) this.#bytes.set(key, before + sign * size)
    else this.#bytes.delete(key)
    return true
  }
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** As large when it is forgotten as when it was new. */
const sizeOf = ({ id, row }: CountedRow): number => id.length + keyed(row).length

/** All but the record of the domain: of that the last one counts. */
const keyed = ({ published: _published, ...row }: DmarcRow): string => JSON.stringify(row)

const keyOf = (row: DmarcRow): string =>
  createHash('sha256').update(keyed(row)).digest('base64url').slice(0, 22)

const merged = (a: CountedRow | undefined, b: CountedRow): CountedRow =>
  a ? { ...b, count: a.count + b.count } : b
