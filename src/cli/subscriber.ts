// `cordon subscriber`: the customers, and everything about one of them on one screen.

import { Command } from 'commander'
import type { AppPassword } from '../model/app-password.ts'
import type { Incident } from '../model/incident.ts'
import type { Lease } from '../model/lease.ts'
import type { Page } from '../model/page.ts'
import type { ToldSubscriber } from '../model/feed-row.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { Doubt, ListedSubscriber } from '../ports/reading.ts'
import type { QueueRow } from '../ports/spool.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayJson } from './in-json.ts'
import { controlOptions, ofFile, sayingWhy, sayOutcome } from './shared-options.ts'
import { table, when } from './table.ts'

type Whole = {
  subscriber: Subscriber
  leases: Lease[]
  apps: AppPassword[]
  incidents: Page<Incident>
  held: Page<QueueRow>
  enforced: Record<string, string[]>
  doubts: Doubt[]
}

export function subscriberCommand(): Command {
  const list = listOptions(
    new Command('list').description('customers (the default command)'),
  ).action(
    sayingWhy(async (options: ListOptions) =>
      sayList(options, await askList<ListedSubscriber>(options, '/subscribers'), listed),
    ),
  )
  const show = controlOptions(
    new Command('show').description('one customer').argument('<id>', 'customer number'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) => {
      const whole = await ask<Whole>(options, `/subscribers/${encodeURIComponent(id)}`)
      if (options.json) sayJson(whole)
      else console.log(shown(whole))
    }),
  )
  const reset = controlOptions(
    new Command('reset-factor')
      .description('remove the second factor of a customer who lost it')
      .argument('<id>', 'customer number'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) =>
      sayOutcome(options, await order(options, { kind: 'remove-factor', subscriber: id })),
    ),
  )
  const load = controlOptions(
    new Command('import')
      .description(
        'import all customers from a CSV file; a customer who is not in the file is removed',
      )
      .argument('<file>', 'id,plan,flags,language,contacts,logins; lists with spaces between')
      .option(
        '--keep <ids>',
        'customers that stay although they are not in it, with commas between; those of the configuration stay as they are',
        '',
      )
      .option('--dry-run', 'only list the differences')
      .option(
        '--despite <why>',
        'also when more than one in a hundred customers or logins are gone, or many plans change; the reason is audited',
      ),
  ).action(
    sayingWhy(
      async (
        file: string,
        options: ControlOptions & { keep: string; dryRun?: true; despite?: string },
      ) => {
        const subscribers = await ofFile(file, () => customersIn(file))
        const { keep, dryRun, despite } = options
        sayOutcome(
          options,
          await order(options, {
            kind: 'take-feed',
            subscribers,
            keep: keep.split(',').filter(id => id !== ''),
            ...(dryRun ? { dryRun } : {}),
            ...(despite === undefined ? {} : { despite }),
          }),
        )
      },
    ),
  )
  return new Command('subscriber')
    .addCommand(list, { isDefault: true })
    .addCommand(show)
    .addCommand(load)
    .addCommand(reset)
}

/** An error in the list is a mistake of its author, as with leases. */
async function customersIn(file: string): Promise<readonly ToldSubscriber[]> {
  const { readFeed } = await import('../drivers/directory/subscriber-feed.ts')
  try {
    return await readFeed({ csv: file })
  } catch (error) {
    if (error instanceof Error && !('code' in error))
      throw new UsageError(error.message.replace(/[^.]$/, '$&.'))
    throw error
  }
}

function shown({ subscriber, leases, apps, incidents, held, enforced, doubts }: Whole): string {
  const lines = [
    `Customer ${subscriber.id}  ${subscriber.plan}${subscriber.flags.map(flag => `, ${flag}`).join('')}`,
    `logins    ${subscriber.logins.map(login => login.name).join(', ') || '-'}`,
    `contacts  ${subscriber.contacts.join(', ') || '-'}`,
    `leases    ${leases.map(lease => lease.prefix + (lease.ports ? ` ports ${lease.ports.join('-')}` : '')).join(', ') || '-'}`,
    ...Object.entries(enforced).map(
      ([driver, state]) => `enforced  ${driver}: ${state.join(', ') || 'nothing'}`,
    ),
    ...doubts.map(({ prefix, why }) => `in doubt  ${prefix}: ${why}`),
    `held      ${messagesIn(held, 'held')}`,
    ...(held.rows.some(row => row.state === 'paced')
      ? [`paced     ${messagesIn(held, 'paced')}, which wait for their turn`]
      : []),
  ]
  for (const one of apps)
    lines.push(`program   ${one.label} for ${one.login}: ${one.scopes.join(' and ')}, id ${one.id}`)
  for (const one of incidents.rows)
    lines.push(`case      ${one.caseCode}  ${when(one.openedAt)}  ${one.status}  ${one.summary}`)
  if (incidents.next !== undefined)
    lines.push(`          ${incidents.rows.length} of ${incidents.total} cases are shown`)
  return lines.join('\n')
}

const messagesIn = ({ rows, next }: Page<QueueRow>, state: QueueRow['state']): string => {
  const messages = new Set(rows.filter(row => row.state === state).map(row => row.message))
  return `${messages.size}${next === undefined ? '' : ' or more'} messages`
}

/** An address of two customers: which of them is asked about mail from it is chance, so a person must look. */
const sharedText = ({ shared = [] }: ListedSubscriber): string =>
  shared.map(one => ` (${one.address} also of ${one.others.join(', ')})`).join('')

function listed(all: readonly ListedSubscriber[]): string {
  const rows = all.map(one => [
    one.id,
    one.plan,
    one.flags.join(',') || '-',
    (one.logins.map(login => login.name).join(', ') || '-') + sharedText(one),
  ])
  return table(['CUSTOMER', 'PLAN', 'FLAGS', 'LOGINS'], rows)
}
