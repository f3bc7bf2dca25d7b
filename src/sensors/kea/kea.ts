// Kea's DHCP leases, from its lease files, and the operator's table of whose line is which.

import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { Leases, MoveLeases } from '../../ports/leases.ts'
import type { Worry } from '../../wire/sensor.ts'
import { CustomerTable, refusedTable } from '../../wire/customer-table.ts'
import { FollowedFile } from './lease-file.ts'
import { columnsOf, KeaLeases, parseRow } from './lease-rows.ts'

export type KeaSettings = {
  /** Paths of kea-leases4.csv and kea-leases6.csv, as far as Kea writes them. */
  readonly files: readonly string[]
  /** CSV of `KEY,CUSTOMER`: hexadecimal ids as Kea writes them, or hardware addresses. */
  readonly customers: string
  /** `kea.realm`, main by default. */
  readonly realm: string
}

export type KeaParts = {
  readonly moveLeases: MoveLeases
  /** Leases that were open before. */
  readonly leases: Iterable<Lease>
  readonly standing: Leases['standing']
  readonly isSubscriber: (id: string) => boolean
  /** Called when a file is missing. */
  readonly missing: (path: string) => void
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

const EVERY = 1000
/** Rows that are told in one go: the first look at a large file must not hold up everything else. */
const AT_ONCE = 5000

/** Contradictions that are listed. */
const MOST_SAID = 10

export type KeaSensor = {
  /** Reads the rows that have come since; also done every second. */
  look(): Promise<void>
  /** Files that are missing. */
  missing(): readonly string[]
  /** The table of customers, where it is not in force as it is now. */
  worries(): readonly Worry[]
  /** Waits for a look that is under way. */
  close(): Promise<void>
}

export function openKea(settings: KeaSettings, parts: KeaParts): KeaSensor {
  const customers = new CustomerTable(settings.customers)
  const subscriberOf = (keys: readonly string[]) => {
    const id = keys.map(key => customers.get(key)).find(one => one !== undefined)
    return id !== undefined && parts.isSubscriber(id) ? id : undefined
  }
  const leases = new KeaLeases(settings.realm, subscriberOf, parts.standing)
  leases.restore(parts.leases)
  const followed = settings.files.map(path => ({
    path,
    file: new FollowedFile(path),
    /** `read`: the file was read once; `missed`: it was missing at the last look. */
    read: false,
    missed: false,
    columns: undefined as ReadonlyMap<string, number> | undefined,
  }))
  async function look(): Promise<void> {
    const now = parts.now()
    let changes: LeaseChange[] = customers.refresh() ? [...leases.remapped(now)] : []
    const tell = async () => {
      const told = changes
      changes = []
      if (told.length > 0) await parts.moveLeases(told)
    }
    for (const one of followed)
      for (const { line, begins } of one.file.lines()) {
        if (begins) one.columns = columnsOf(line)
        const row = begins || !one.columns ? undefined : parseRow(line, one.columns)
        if (row) changes.push(...leases.hear(row, now))
        if (changes.length >= AT_ONCE) await tell()
      }
    for (const one of followed) {
      if (one.file.isOpen) one.read ||= one.columns !== undefined
      else if (!one.missed) parts.missing(one.path)
      one.missed = !one.file.isOpen
    }
    // What a missing file would say of its leases is unknown.
    changes.push(...leases.sweep(now, { all: followed.every(({ read }) => read) }))
    await tell()
  }
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch(error => parts.trouble(error, 'the leases of Kea'))
      .finally(() => (looking = undefined))
  }, EVERY)
  timer.unref()
  return {
    look,
    worries: () => [
      ...refusedTable(settings.customers, customers),
      ...leases.contradicted().slice(0, MOST_SAID).map(twoSources),
    ],
    missing: () => followed.filter(({ missed }) => missed).map(({ path }) => path),
    close: async () => {
      clearInterval(timer)
      // A look that is under way still moves leases.
      await looking
      for (const { file } of followed) file.close()
    },
  }
}

type Contradiction = ReturnType<KeaLeases['contradicted']>[number]

const twoSources = ({ lease, other }: Contradiction): Worry => ({
  what: 'two sources',
  about: lease.prefix,
  words: `Kea says that ${lease.subscriber} has it, ${other.session?.nas ?? 'another source'} that ${other.subscriber} has: what was told last counts. One of them gives out what is not its own`,
})
