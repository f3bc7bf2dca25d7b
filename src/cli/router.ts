// `cordon router`: what a router needs to know before Cordon runs.

import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { baseTable } from '../drivers/network/nftables/base-table.ts'
import { ConfigError } from '../model/errors.ts'

export function routerCommand(): Command {
  const table = new Command('table')
    .description('print the table that a Linux router loads at boot (nftables)')
    .argument('[name]', 'which of the routers; the first without it')
    .requiredOption('-c, --config <file>', 'the configuration')
    .action((name: string | undefined, { config }: { config: string }) => {
      const { nftables } = loadConfig(config)
      const router = name === undefined ? nftables[0] : nftables.find(one => one.name === name)
      if (!router)
        throw new ConfigError(
          'nftables',
          name === undefined ? 'there is no router' : `there is no router ${name}`,
          'Write it into the configuration.',
        )
      process.stdout.write(baseTable(router))
    })
  return new Command('router').description('routers: table').addCommand(table)
}
