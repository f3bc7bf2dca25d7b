// `cordon router`: what a router needs to know before Cordon runs.

import { Command } from 'commander'
import { loadConfig } from '../config/load.ts'
import { baseTable } from '../drivers/network/nftables/base-table.ts'
import type { Config } from '../config/schema.ts'
import type { RolloutReport } from '../ports/reading.ts'
import { ask } from './control-client.ts'
import { ConfigError } from '../model/errors.ts'
import { USUAL_CONFIG, usualConfig } from './usual-places.ts'

export function routerCommand(): Command {
  const table = new Command('table')
    .description('print the table that a Linux router loads at boot (nftables)')
    .argument('[name]', 'name of the router; the first without it')
    .option('-c, --config <file>', `configuration file; ${USUAL_CONFIG}`)
    .action(async (name: string | undefined, { config }: { config?: string }) => {
      const loaded = loadConfig(config ?? usualConfig())
      const { nftables } = loaded
      const router = name === undefined ? nftables[0] : nftables.find(one => one.name === name)
      if (!router)
        throw new ConfigError(
          'nftables',
          name === undefined ? 'there is no router' : `there is no router ${name}`,
          'Write it into the configuration.',
        )
      process.stdout.write(baseTable({ ...router, watched: await watchedNow(loaded) }))
    })
  return new Command('router').addCommand(table)
}

/** Parts of a rollout that are not closed yet, as the running Cordon knows; all of them where none is running. */
async function watchedNow({ rollout, dataFolder }: Config): Promise<readonly string[]> {
  if (rollout.parts.length === 0) return []
  const all = await ask<RolloutReport[]>({ data: dataFolder }, '/rollouts').catch(() => [])
  const started = new Set(
    all.filter(one => one.state.startedAt !== undefined).map(one => one.part.name),
  )
  return rollout.parts.filter(part => !started.has(part.name)).flatMap(part => part.prefixes)
}
