// `cordon queue`: what waits, why, since when, and when it is tried or looked at next.

import { Command } from 'commander'
import { heldFor } from '../model/held-for.ts'
import type { Order } from '../orders/contract/orders.ts'
import type { QueueRow } from '../ports/spool.ts'
import { type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayJson, whole } from './in-json.ts'
import { controlOptions, numberOf, sayingWhy, sayOutcome } from './shared-options.ts'
import { nextOf } from './queue-next.ts'
import { queueShowCommand, toOf, whyOf } from './queue-show.ts'
import { table, when } from './table.ts'

type Filter = { held?: true; paced?: true; subscriber?: string; login?: string }

export function queueCommand(): Command {
  const list = listOptions(
    new Command('list')
      .description('messages in the queue (the default command)')
      .option('--held', 'held messages only, also those that Postfix holds')
      .option(
        '--paced',
        'messages only that wait for their turn, also those in Postfix’s hold queue',
      )
      .option('--subscriber <id>', 'only of this customer')
      .option('--login <name>', 'only of this login'),
  ).action(
    sayingWhy(async (options: ListOptions & Filter) => {
      const { held, paced, subscriber, login } = options
      if (held && paced) throw new UsageError('write --held or --paced: a message is not both')
      const query = {
        ...(held || paced ? { state: held ? 'held' : 'paced' } : {}),
        ...(subscriber ? { subscriber } : {}),
        ...(login ? { login } : {}),
      }
      sayList(options, await askList<QueueRow>(options, '/queue', query), listed)
    }),
  )
  const release = controlOptions(
    new Command('release')
      .description('send a message that is held or waits for its turn')
      .argument('<message>', 'queue id; Postfix’s, of what it holds'),
  ).action(
    sayingWhy(async (message: string, options: ControlOptions) => {
      sayOutcome(options, await order(options, { kind: 'release-message', message }))
    }),
  )
  const purge = controlOptions(
    new Command('purge')
      .description(
        'delete one message that is held or waits for its turn, or those of a customer or login that a case holds',
      )
      .argument('[message]', 'queue id; Postfix’s, of what it holds')
      .option('--subscriber <id>', 'held messages of this customer')
      .option('--login <name>', 'held messages of this login')
      .option(
        '--evidence <nats>',
        'only messages with at least this many nats of evidence; without it all that a case holds',
      )
      .option('--dry-run', 'list what would be deleted')
      .option(
        '--yes',
        'with a customer or login: delete the messages; without this option they are only listed',
      ),
  ).action(
    sayingWhy(async (message: string | undefined, options: ControlOptions & Purge) => {
      const given = purgeOrder(message, options)
      const acts = message !== undefined || options.yes === true
      if (acts && !options.dryRun) return sayOutcome(options, await order(options, given))
      if (!options.json || options.dryRun) await preview(options, given)
      if (!options.dryRun)
        throw new UsageError(
          'nothing is deleted yet: write --yes to delete these, or --dry-run to only look',
        )
    }),
  )
  return new Command('queue')
    .addCommand(list, { isDefault: true })
    .addCommand(queueShowCommand())
    .addCommand(
      controlOptions(
        new Command('flush').description('attempt the delivery of every queued message now'),
      ).action(
        sayingWhy(async (options: ControlOptions) => {
          sayOutcome(options, await order(options, { kind: 'flush-queue' }))
        }),
      ),
    )
    .addCommand(release)
    .addCommand(purge)
}

type Purge = {
  subscriber?: string
  login?: string
  evidence?: string
  dryRun?: true
  yes?: true
}

/** What the order would delete, as it stands now. */
async function preview(options: ControlOptions, given: Order): Promise<void> {
  const of = given.kind === 'purge-evidence' ? given.of : {}
  const one = given.kind === 'purge-message' ? { message: given.message } : {}
  const query = { state: 'held', ...of, ...one }
  const all = { ...options, limit: Number.POSITIVE_INFINITY }
  const { rows } = await askList<QueueRow>(all, '/queue', query)
  const found = rows.filter(row => wouldGo(row, given))
  const count = new Set(found.map(row => row.message)).size
  if (options.json) return sayJson({ ...whole(found), messages: count })
  if (count > 0) console.log(listed(found))
  console.log(`${count} held message${count === 1 ? '' : 's'} would be deleted.`)
}

function wouldGo({ nats, why }: QueueRow, given: Order): boolean {
  if (given.kind !== 'purge-evidence') return true
  const { minNats } = given
  return minNats === undefined ? nats > 0 && heldFor(why).reason === 'evidence' : nats >= minNats
}

function purgeOrder(message: string | undefined, options: Purge): Order {
  const { subscriber, login } = options
  const least =
    options.evidence === undefined ? {} : { minNats: numberOf('--evidence', options.evidence) }
  if (message !== undefined) return { kind: 'purge-message', message }
  if (login !== undefined) return { kind: 'purge-evidence', of: { login }, ...least }
  if (subscriber !== undefined) return { kind: 'purge-evidence', of: { subscriber }, ...least }
  throw new UsageError('say which: a queue id, --login or --subscriber')
}

function listed(rows: readonly QueueRow[]): string {
  if (rows.length === 0) return 'No messages.'
  return table(
    ['MESSAGE', 'SINCE', 'STATE', 'NEXT', 'ATTEMPTS', 'NATS', 'FROM', 'TO', 'WHY'],
    rows.map(row => [
      row.keptAs ?? row.message,
      when(row.at),
      row.state,
      nextOf(row),
      String(row.attempts),
      row.nats > 0 ? row.nats.toFixed(1) : '',
      row.sender || '<>',
      toOf(row),
      whyOf(row),
    ]),
  )
}
