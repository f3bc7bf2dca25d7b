// `cordon lease`: leases told by hand or by programs: from a file of the provider's own, and from Kea's hook.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { LEASES_AT_ONCE } from '../orders/contract/import-leases.ts'
import { type ControlOptions, order } from './control-client.ts'
import { keaLease } from './kea-hook.ts'
import { leasesIn } from './leases-in-csv.ts'
import { controlOptions, DRY_RUN, ofFile, sayingWhy, sayOutcomes } from './shared-options.ts'

export function leaseCommand(): Command {
  const load = controlOptions(
    new Command('import')
      .description('import leases from a CSV file: prefix,subscriber[,ports][,realm][,from][,to]')
      .argument('<file>', 'with a first line that names its columns; - for standard input')
      .option('--dry-run', DRY_RUN),
  ).action(
    sayingWhy(async (file: string, options: ControlOptions & { dryRun?: true }) => {
      const { dryRun } = options
      const leases = leasesIn(
        await ofFile(file, () => readFileSync(file === '-' ? 0 : file, 'utf8')),
        Date.now(),
        file === '-' ? 'standard input' : file,
      )
      const batches = Array.from({ length: Math.ceil(leases.length / LEASES_AT_ONCE) }, (_, i) =>
        leases.slice(i * LEASES_AT_ONCE, (i + 1) * LEASES_AT_ONCE),
      )
      await sayOutcomes(options, batches, batch =>
        order(options, { kind: 'import-leases', leases: batch, ...(dryRun ? { dryRun } : {}) }),
      )
    }),
  )
  const hook = controlOptions(
    new Command('kea-hook')
      .description('for Kea’s hook run_script: tells Cordon of the lease in the environment')
      .argument('<event>', 'as Kea calls it: leases4_committed, lease4_release, …')
      .requiredOption('--customers <file>', 'CSV of KEY,CUSTOMER, as for `kea.customers`')
      .option('--realm <realm>', 'address space of the addresses', 'main'),
  ).action(
    sayingWhy(
      async (event: string, options: ControlOptions & { customers: string; realm: string }) => {
        const { customers } = options
        const table = await ofFile(customers, () => readFileSync(customers, 'utf8'))
        const { realm } = options
        const given = { table, file: customers, realm, now: Date.now() }
        const told = keaLease(event, process.env, given)
        await sayOutcomes(options, told, one => order(options, one))
      },
    ),
  )
  return new Command('lease').addCommand(load).addCommand(hook)
}
