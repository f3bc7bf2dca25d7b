// `cordon queue`: what waits, why, since when, and when it is tried or looked at next.

import { Command } from 'commander'
import { formatDuration } from '../model/duration.ts'
import type { Order } from '../orders/contract/orders.ts'
import type { QueueRow } from '../ports/spool.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { controlOptions, numberOf, sayingWhy, sayOutcome } from './shared-options.ts'
import { table, when } from './table.ts'

type Filter = { held?: true; subscriber?: string; login?: string }

export function queueCommand(): Command {
  const list = controlOptions(
    new Command('list')
      .description('mail that waits')
      .option('--held', 'only what is held')
      .option('--subscriber <id>', 'only of this customer')
      .option('--login <name>', 'only of this login'),
  ).action(
    sayingWhy(async (options: ControlOptions & Filter) => {
      const query = new URLSearchParams()
      if (options.held) query.set('state', 'held')
      if (options.subscriber) query.set('subscriber', options.subscriber)
      if (options.login) query.set('login', options.login)
      const rows = await ask<QueueRow[]>(options, `/queue?${query.toString()}`)
      console.log(options.json ? JSON.stringify(rows, null, 2) : listed(rows))
    }),
  )
  const release = controlOptions(
    new Command('release').description('send a held message').argument('<message>', 'queue id'),
  ).action(
    sayingWhy(async (message: string, options: ControlOptions) => {
      sayOutcome(options, await order(options, { kind: 'release-message', message }))
    }),
  )
  const purge = controlOptions(
    new Command('purge')
      .description('delete one held message, or those of a customer or login that say enough')
      .argument('[message]', 'queue id')
      .option('--subscriber <id>', 'of this customer')
      .option('--login <name>', 'of this login')
      .option('--evidence <nats>', 'only what said at least so much for infection', '2'),
  ).action(
    sayingWhy(async (message: string | undefined, options: ControlOptions & Purge) => {
      sayOutcome(options, await order(options, purgeOrder(message, options)))
    }),
  )
  return new Command('queue')
    .addCommand(list, { isDefault: true })
    .addCommand(
      controlOptions(
        new Command('flush').description('try everything now that waits for its next try'),
      ).action(
        sayingWhy(async (options: ControlOptions) => {
          sayOutcome(options, await order(options, { kind: 'flush-queue' }))
        }),
      ),
    )
    .addCommand(release)
    .addCommand(purge)
}

type Purge = { subscriber?: string; login?: string; evidence: string }

function purgeOrder(message: string | undefined, options: Purge): Order {
  const { subscriber, login } = options
  const minNats = numberOf('--evidence', options.evidence)
  if (message !== undefined) return { kind: 'purge-message', message }
  if (login !== undefined) return { kind: 'purge-evidence', of: { login }, minNats }
  if (subscriber !== undefined) return { kind: 'purge-evidence', of: { subscriber }, minNats }
  throw new UsageError('say which: a queue id, --login or --subscriber')
}

function listed(rows: readonly QueueRow[]): string {
  if (rows.length === 0) return 'Nothing waits.'
  return table(
    ['MESSAGE', 'SINCE', 'STATE', 'NEXT', 'TRIES', 'FROM', 'TO', 'WHY'],
    rows.map(row => [
      row.message,
      when(row.at),
      row.state,
      row.due <= row.at
        ? 'now'
        : `${when(row.due)} (${formatDuration(row.due - row.at)} after it came)`,
      String(row.attempts),
      row.sender || '<>',
      row.recipient,
      row.why ?? '',
    ]),
  )
}
