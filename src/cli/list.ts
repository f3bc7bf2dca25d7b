// `cordon list`: the addresses on our own DNS list, whether one is on it, and the list as a file for other programs.

import { Command } from 'commander'
import type { ListedNow } from '../model/listed-now.ts'
import type { ListCheck } from '../ports/reading.ts'
import { parseAsked } from './asked-address.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { EXIT, UsageError } from './failures.ts'
import { sayJson } from './in-json.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { table, when } from './table.ts'

export function listCommand(): Command {
  const show = listOptions(
    new Command('show').description('addresses and prefixes that are listed now'),
  ).action(
    sayingWhy(async (options: ListOptions) => {
      sayList(options, await askList<ListedNow>(options, '/list'), listed)
    }),
  )
  const check = controlOptions(
    new Command('check')
      .description('whether an address is listed; exit code 0 if it is, 1 if not')
      .argument('<address>'),
  ).action(
    sayingWhy(async (text: string, options: ControlOptions) => {
      const { address, port } = parseAsked(text)
      if (port !== undefined) throw new UsageError(`Write ${address} without a port.`)
      const found = await ask<ListCheck>(options, `/list/${encodeURIComponent(address)}`)
      if (options.json) sayJson(found)
      else console.log(said(address, found))
      if (!found.listed) process.exitCode = EXIT.notSo
    }),
  )
  const files = controlOptions(
    new Command('export').description(
      'print the prefixes that are listed, one a line; `list.exports` writes files for rbldnsd, RPZ and nftables',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const all = { ...options, limit: Number.POSITIVE_INFINITY }
      const { rows } = await askList<ListedNow>(all, '/list')
      if (options.json) sayJson(rows)
      else for (const { prefix } of rows) console.log(prefix)
    }),
  )
  return new Command('list').addCommand(show).addCommand(check).addCommand(files)
}

function listed(rows: readonly ListedNow[]): string {
  if (rows.length === 0) return 'No address is listed.'
  return table(
    ['PREFIX', 'AS', 'ANSWER', 'SINCE', 'PAGE'],
    rows.map(({ prefix, as, code, since, entry }) => [
      prefix,
      as,
      `127.0.0.${code}`,
      when(since),
      entry,
    ]),
  )
}

function said(address: string, { listed: entry, consumer }: ListCheck): string {
  const range = consumer ? '\nIt is on the list of consumers.' : ''
  return entry
    ? `${address} is listed: ${entry.prefix} as ${entry.as} (127.0.0.${entry.code}) since ${when(entry.since)}${range}`
    : `${address} is not listed.${range}`
}
