// `cordon driver`: the routers and other devices that do something about a line.

import { Command } from 'commander'
import type { DriverState } from '../ports/reading.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { sayJson, whole } from './in-json.ts'
import { controlOptions, DRY_RUN, sayingWhy, sayOutcome } from './shared-options.ts'
import { table } from './table.ts'

export function driverCommand(): Command {
  const list = controlOptions(
    new Command('list').description(
      'network drivers, and the number of entries that each enforces (the default command)',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const all = await ask<DriverState[]>(options, '/drivers')
      if (options.json) return sayJson(whole(all))
      const rows = all.map(({ name, off, entries, failed, worry }) => [
        name,
        off ? 'off' : failed === undefined ? 'on' : 'failing',
        entries === undefined ? '-' : String(entries),
        failed ?? worry ?? '',
      ])
      console.log(table(['DRIVER', 'STATE', 'ENTRIES', 'TROUBLE'], rows))
    }),
  )
  const told = (name: 'flush' | 'fill', about: string) =>
    controlOptions(
      new Command(name)
        .description(about)
        .argument('<driver>', 'name of the driver, as "cordon driver" lists it')
        .option('--dry-run', DRY_RUN),
    ).action(
      sayingWhy(async (driver: string, options: ControlOptions & { dryRun?: true }) => {
        const { dryRun } = options
        const given = { kind: `${name}-driver`, driver, ...(dryRun ? { dryRun } : {}) } as const
        sayOutcome(options, await order(options, given))
      }),
    )
  return new Command('driver')
    .addCommand(list, { isDefault: true })
    .addCommand(
      told('flush', 'remove all restrictions from a driver, and apply none until it is filled'),
    )
    .addCommand(told('fill', 'apply all decisions to a driver again'))
}
