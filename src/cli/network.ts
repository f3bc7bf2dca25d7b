// `cordon network`: the sources that tell of leases and of traffic of lines, the state of their clocks, and what an operator must look at.

import { Command } from 'commander'
import { formatDuration } from '../model/duration.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { doctorCommand } from './network-doctor.ts'
import { table, when } from './table.ts'

export function networkCommand(): Command {
  const status = controlOptions(
    new Command('status').description(
      'access servers, exporters and logs: when each was heard, and how far its clock is off (the default command)',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const found = await ask<NetworkStatus>(options, '/network')
      if (options.json) sayJson(found)
      else console.log(shown(found))
    }),
  )
  return new Command('network').addCommand(status, { isDefault: true }).addCommand(doctorCommand())
}

function shown({ tellers, worries }: NetworkStatus): string {
  const rows = tellers.map(({ kind, name, offset, settled, heardAt }) => [
    kind,
    name,
    heardAt === 0 ? 'never' : when(heardAt),
    offset === undefined ? '-' : clockOf(offset, settled),
  ])
  const clocks =
    rows.length === 0
      ? 'No access server, exporter or log has sent anything yet.'
      : table(['SOURCE', 'NAME', 'LAST HEARD', 'CLOCK'], rows)
  if (worries.length === 0) return clocks
  const looked = table(
    ['LOOK AT', 'ABOUT', 'DETAIL'],
    worries.map(({ what, about, words }) => [what, about, words]),
  )
  return `${clocks}\n\n${looked}`
}

function clockOf(offset: number, settled: boolean): string {
  if (Math.abs(offset) < 1000) return 'right'
  const by = `${formatDuration(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}`
  return settled ? by : `at most ${by}`
}
