// `cordon opt-out`: opt-outs, the permissions of customers to use port 25.

import { Command } from 'commander'
import type { OptOut } from '../model/opt-out.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { whole } from './in-json.ts'
import { sayList } from './list-pages.ts'
import { controlOptions, DRY_RUN, sayingWhy, sayOutcome } from './shared-options.ts'
import { table, when } from './table.ts'

export function optOutCommand(): Command {
  const list = controlOptions(
    new Command('list')
      .description('opt-outs: port 25 that customers opened (the default command)')
      .option('--all', 'ended opt-outs, too'),
  ).action(
    sayingWhy(async (options: ControlOptions & { all?: true }) => {
      const found = await ask<OptOut[]>(options, '/opt-outs')
      const all = found.filter(one => options.all || one.state !== 'ended')
      sayList(options, whole(all), listed)
    }),
  )
  const end = controlOptions(
    new Command('end')
      .description('end an opt-out: close port 25 again')
      .argument('<id>', 'id or code')
      .option('--dry-run', DRY_RUN),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions & { dryRun?: true }) => {
      const { dryRun } = options
      const given = { kind: 'end-opt-out', id: await idOf(options, id) } as const
      sayOutcome(options, await order(options, { ...given, ...(dryRun ? { dryRun } : {}) }))
    }),
  )
  const reverse = controlOptions(
    new Command('reverse-dns-set')
      .description('confirm that the reverse DNS of the address is set')
      .argument('<id>', 'id or code'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) =>
      sayOutcome(
        options,
        await order(options, { kind: 'reverse-dns-set', id: await idOf(options, id) }),
      ),
    ),
  )
  return new Command('opt-out')
    .addCommand(list, { isDefault: true })
    .addCommand(end)
    .addCommand(reverse)
}

async function idOf(options: ControlOptions, given: string): Promise<string> {
  const all = await ask<OptOut[]>(options, '/opt-outs')
  const found = all.find(one => one.id === given || one.code === given.toUpperCase())
  if (!found)
    throw new Error(`there is no opt-out ${given}. "cordon opt-out list --all" shows them.`)
  return found.id
}

function listed(all: readonly OptOut[]): string {
  if (all.length === 0) return 'There are no opt-outs.'
  return table(
    ['CODE', 'CUSTOMER', 'STATE', 'SINCE', 'UNTIL', 'REVERSE DNS', 'WHAT'],
    all.map(one => [
      one.code,
      one.subscriber,
      one.endedBy === undefined ? one.state : `ended (${one.endedBy})`,
      when(one.openedAt ?? one.askedAt),
      one.confirmBy === undefined ? '-' : when(one.confirmBy).slice(0, 10),
      one.reverseDns ?? '-',
      one.kind === 'own-server'
        ? `own server ${one.server?.name} ${one.server?.address ?? ''}`
        : `to ${one.destinations.join(', ')}`,
    ]),
  )
}
