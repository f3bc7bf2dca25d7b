// `cordon network`: the sources that tell of leases and of traffic of lines, the state of their clocks, and what an operator must look at.

import { Command } from 'commander'
import type { NetworkStatus } from '../ports/reading.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { doctorCommand } from './network-doctor.ts'
import { shown } from './network-tables.ts'

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
