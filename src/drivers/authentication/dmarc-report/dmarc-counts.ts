// What came with which domain in From, by day, for those domains that ask for reports: counted in memory and written down every few
// minutes, each row a record of its own, so that only what changed is written. A crash loses what was counted since then.

import { createHash } from 'node:crypto'
import type { CountedRow } from '../../../mail/dmarc/dmarc-report.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { SharedRoom } from '../../../model/shared-room.ts'
import type { DmarcRow } from '../../../model/dmarc-row.ts'
import type { Records } from '../../../ports/records.ts'
import { writeFresh } from '../../../ports/write-fresh.ts'
import { dayOf, ownerOfRoom } from '../../report-day.ts'

/** Bytes of JSON: of all rows, and of those of a day and an organisational domain, so that no stranger fills it for the others. */
const ROWS = { most: 64 * 2 ** 20, mostOfOne: 2 * 2 ** 20 }
/** The same of rows without the names that a sender chose: a forger who fills the room of a domain does not blind its owner. */
const BARE_ROWS = { most: 16 * 2 ** 20, mostOfOne: 2 ** 20 }
/** Domains that are reported to: of a day and an organisation, beside its first name. */
const DOMAINS = { most: 100_000, mostOfOne: 10 }

export type DmarcCountsParts = {
  readonly records: Records<CountedRow>
  readonly now: () => number
}

export class DmarcCounts {
  readonly #parts: DmarcCountsParts
  readonly #fresh = new Map<string, CountedRow>()
  readonly #rows = new SharedRoom(ROWS)
  readonly #bare = new SharedRoom(BARE_ROWS)
  readonly #domains = new SharedRoom(DOMAINS)
  #left = 0

  constructor(parts: DmarcCountsParts) {
    this.#parts = parts
    for (const one of parts.records.all()) this.#withRoom(one)
  }

  seen(row: DmarcRow): void {
    const at = this.#parts.now()
    const one = this.#withRoom(countedRow(row, at)) ?? this.#withRoom(bareRow(row, at))
    if (one) this.#fresh.set(one.id, merged(this.#fresh.get(one.id), one))
    else this.#left++
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
    await this.#parts.records.change(one.id, () => 'gone')
    this.#roomOf(one).free(one.id)
    // All rows of a day are forgotten together.
    this.#domains.free(placeOf(one.id).place)
  }

  #withRoom(one: CountedRow): CountedRow | undefined {
    const { place, domains, rows } = placeOf(one.id)
    if (!this.#domains.take(place, domains)) return undefined
    return this.#roomOf(one).take(one.id, rows, sizeOf(one)) ? one : undefined
  }

  #roomOf = (one: CountedRow): SharedRoom => (one.bare ? this.#bare : this.#rows)
}

/** Whose room a row takes, and its domain. */
function placeOf(id: string) {
  const [day = '', domain = ''] = id.split(' ')
  return {
    place: `${day} ${domain}`,
    rows: `${day} ${organisationalDomain(domain)}`,
    domains: ownerOfRoom(day, domain),
  }
}

const countedRow = (row: DmarcRow, at: number): CountedRow => ({
  id: `${dayOf(at)} ${row.published.domain} ${keyOf(row)}`,
  row,
  count: 1,
  at,
})

/** What is left is where it came from, what passed, and what became of it. */
function bareRow(row: DmarcRow, at: number): CountedRow {
  const one = countedRow(
    {
      ...row,
      headerFrom: row.published.domain,
      envelopeFrom: '',
      signatures: [],
      spfResult: { domain: '', result: row.spfResult.result },
      reasons: [...row.reasons, { type: 'other', comment: 'too many to tell the other names' }],
    },
    at,
  )
  return { ...one, bare: true }
}

const sizeOf = ({ id, row }: CountedRow): number => id.length + keyed(row).length

/** All but the record of the domain: of that the last one counts. */
const keyed = ({ published: _published, ...row }: DmarcRow): string => JSON.stringify(row)

const keyOf = (row: DmarcRow): string =>
  createHash('sha256').update(keyed(row)).digest('base64url').slice(0, 22)

const merged = (a: CountedRow | undefined, b: CountedRow): CountedRow =>
  a ? { ...b, count: a.count + b.count } : b
