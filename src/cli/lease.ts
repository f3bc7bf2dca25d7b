// `cordon lease`: leases told by hand or by programs: from a file of the provider's own, and from Kea's hook.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { formatPrefix, parsePrefix } from '../model/ip.ts'
import { type Lease, MAX_AHEAD } from '../model/lease.ts'
import { LEASES_AT_ONCE } from '../orders/contract/import-leases.ts'
import { type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { keaLease } from './kea-hook.ts'
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
        const told = keaLease(event, process.env, { table, realm: options.realm, now: Date.now() })
        await sayOutcomes(options, told, one => order(options, one))
      },
    ),
  )
  return new Command('lease').addCommand(load).addCommand(hook)
}

/** Throws a sentence for the first line that is no lease. */
export function leasesIn(text: string, now: number): Lease[] {
  const [head = '', ...lines] = text.split(/\r?\n/)
  const names = head.split(',').map(name => name.trim().toLowerCase())
  if (!names.includes('prefix') || !names.includes('subscriber'))
    throw new UsageError(
      'the first line must name the columns: prefix and subscriber, and what else there is of ports, realm, from, to.',
    )
  return lines.flatMap((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return []
    const cells = line.split(',').map(cell => cell.trim())
    const cell = (name: string) => cells[names.indexOf(name)] ?? ''
    const bad = (what: string) => new UsageError(`line ${i + 2}: ${what}`)
    const prefix = parsePrefix(cell('prefix'))
    if (!prefix) throw bad(`${cell('prefix')} is no address or prefix.`)
    if (cell('subscriber') === '') throw bad('there is no subscriber.')
    const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(cell('ports')) ?? []
    if (cell('ports') !== '' && !(Number(first) <= Number(last)))
      throw bad(`${cell('ports')} are no ports; write 1024-2047.`)
    const time = (name: string) => {
      const at = cell(name) === '' ? undefined : Date.parse(cell(name))
      if (Number.isNaN(at)) throw bad(`${cell(name)} is no time; write 2026-11-20T10:22Z.`)
      // Looked at once more where the order is carried out; here the line is known, and nothing has been sent yet.
      if (at !== undefined && at > now + MAX_AHEAD) throw bad(`${cell(name)} is in the future.`)
      return at
    }
    const to = time('to')
    return [
      {
        realm: cell('realm') || 'main',
        prefix: formatPrefix(prefix),
        subscriber: cell('subscriber'),
        from: time('from') ?? now,
        ...(first === undefined ? {} : { ports: [Number(first), Number(last)] as const }),
        ...(to === undefined ? {} : { to }),
      },
    ]
  })
}
