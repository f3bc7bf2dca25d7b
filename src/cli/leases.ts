// `cordon leases`: the subscribers that had an address, and when, as far back as leases are kept. `cordon who` says which subscriber had it
// at one moment, and how sure that is.

import { Command } from 'commander'
import type { Lease } from '../model/lease.ts'
import { parseAsked } from './asked-address.ts'
import { UsageError } from './failures.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayingWhy } from './shared-options.ts'
import { table, when } from './table.ts'

export function leasesCommand(): Command {
  return listOptions(
    new Command('leases').argument('[address]', '[REALM/]ADDRESS; all leases without one'),
  ).action(
    sayingWhy(async (text: string | undefined, options: ListOptions) => {
      const query = text === undefined ? {} : addressOf(text)
      sayList(options, await askList<Lease>(options, '/leases', query), listed)
    }),
  )
}

function addressOf(text: string): { realm: string; address: string } {
  const { realm, address, port } = parseAsked(text)
  if (port !== undefined)
    throw new UsageError(`Write ${address} without a port; cordon who ${text} says whose it is.`)
  return { realm, address }
}

function listed(rows: readonly Lease[]): string {
  if (rows.length === 0) return 'No known customer had it.'
  return table(
    ['FROM', 'TO', 'LEASE', 'REALM', 'PORTS', 'CUSTOMER', 'SESSION', 'IN DOUBT'],
    rows.map(({ from, to, prefix, realm, ports, subscriber, session, doubtFrom }) => [
      when(from),
      to === undefined ? 'now' : when(to),
      prefix,
      realm,
      ports?.join('-') ?? '',
      subscriber,
      session ? `${session.id} at ${session.nas}` : '',
      doubtFrom === undefined ? '' : `since ${when(doubtFrom)}`,
    ]),
  )
}
