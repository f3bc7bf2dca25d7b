// Kea's DHCP leases, from its lease files, and the operator's table of whose line is which.

import type { Lease, LeaseChange } from '../../model/lease.ts'
import type { MoveLeases } from '../../ports/leases.ts'
import { CustomerTable } from '../../wire/customer-table.ts'
import { FollowedFile } from './lease-file.ts'
import { columnsOf, KeaLeases, parseRow } from './lease-rows.ts'

export type KeaSettings = {
  /** kea-leases4.csv, kea-leases6.csv: those there are. */
  readonly files: readonly string[]
  /** CSV of `KEY,CUSTOMER`: hexadecimal ids as Kea writes them, or hardware addresses. */
  readonly customers: string
  readonly realm: string
}

export type KeaParts = {
  readonly moveLeases: MoveLeases
  /** Leases that were open before. */
  readonly leases: Iterable<Lease>
  readonly isSubscriber: (id: string) => boolean
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

const EVERY = 1000
/** Rows that are told in one go: the first look at a large file must not hold up everything else. */
const AT_ONCE = 5000

export type KeaSensor = {
  /** What has come since; also done every second. */
  look(): Promise<void>
  /** Waits for a look that is under way. */
  close(): Promise<void>
}

export function openKea(settings: KeaSettings, parts: KeaParts): KeaSensor {
  const customers = new CustomerTable(settings.customers)
  const leases = new KeaLeases(settings.realm, keys => {
    const id = keys.map(key => customers.get(key)).find(one => one !== undefined)
    return id !== undefined && parts.isSubscriber(id) ? id : undefined
  })
  leases.restore(parts.leases)
  const followed = settings.files.map(path => ({
    file: new FollowedFile(path),
    columns: undefined as ReadonlyMap<string, number> | undefined,
  }))
  async function look(): Promise<void> {
    customers.refresh()
    const now = parts.now()
    let changes: LeaseChange[] = []
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
    changes.push(...leases.sweep(now))
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
    close: async () => {
      clearInterval(timer)
      // One that is under way still moves leases.
      await looking
      for (const { file } of followed) file.close()
    },
  }
}
