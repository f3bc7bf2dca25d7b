// `cordon feedback`: reports of abuse that came in, and reports from a file.

import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { Complaint } from '../model/complaint.ts'
import { MAX_REPORT } from '../mail/feedback/read-feedback.ts'
import { isDomain } from '../model/mail-address.ts'
import type { OrderOutcome } from '../model/order.ts'
import { ACCOUNTS_AT_ONCE } from '../orders/contract/import-accounts.ts'
import { REPORTS_AT_ONCE } from '../orders/contract/import-reports.ts'
import type { OrderOf } from '../orders/contract/orders.ts'
import { ask, type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { sayJson, whole } from './in-json.ts'
import { accountsIn } from './accounts-in.ts'
import { messagesIn } from './mbox.ts'
import { reportsCommand } from './feedback-reports.ts'
import { controlOptions, ofFile, sayingWhy, sayOutcome } from './shared-options.ts'
import { table, when } from './table.ts'

/** Bytes that are sent of one report: one more than is read, which says that it is cut. */
const MOST_SENT = MAX_REPORT + 1
/** Of all in one order, in base64 well below what an order may have. */
const SENT_AT_ONCE = 4 * 1024 * 1024

export function feedbackCommand(): Command {
  const list = controlOptions(
    new Command('list').description(
      'reports of the last 30 days, the newest first (the default command)',
    ),
  ).action(
    sayingWhy(async (options: ControlOptions) => {
      const rows = await ask<Complaint[]>(options, '/complaints')
      if (options.json) sayJson(whole(rows))
      else console.log(listed(rows))
    }),
  )
  const dismiss = controlOptions(
    new Command('dismiss')
      .description('mark a report as unfounded: its reporter counts less for 30 days')
      .argument('<id>', 'as `cordon feedback list` shows it'),
  ).action(
    sayingWhy(async (id: string, options: ControlOptions) =>
      sayOutcome(options, await order(options, { kind: 'dismiss-report', id })),
    ),
  )
  return new Command('feedback')
    .addCommand(list, { isDefault: true })
    .addCommand(importCommand())
    .addCommand(dismiss)
    .addCommand(reportsCommand())
}

type ImportOptions = ControlOptions & { readonly reporter?: string; readonly accounts?: true }

const importCommand = (): Command =>
  controlOptions(
    new Command('import')
      .description('read reports: an mbox, one mail (ARF, or forwarded with its header), or XARF')
      .argument('<file>', '- for standard input')
      .option(
        '--reporter <domain>',
        'the organisation that they come from; say it only when it is certain',
      )
      .option(
        '--accounts',
        'a list of mail accounts whose passwords are in circulation, one a line, or CSV',
      )
      .addHelpText(
        'after',
        '\nExit code 0: all reports were read; 1: some could not be read; 2: nothing was done.',
      ),
  ).action(
    sayingWhy(async (file: string, options: ImportOptions) => {
      const { reporter, accounts } = options
      if (reporter !== undefined && !isDomain(reporter))
        throw new UsageError(`--reporter: ${reporter} is no domain.`)
      const raw = await ofFile(file, () => readFileSync(file === '-' ? 0 : file))
      const orders = accounts ? ofAccounts(raw) : ofReports(raw, reporter)
      const outcomes: OrderOutcome[] = []
      for (const one of orders) outcomes.push(await order(options, one))
      if (outcomes.length === 0)
        throw new UsageError(`There is no ${accounts ? 'account' : 'report'} in it.`)
      const text = outcomes.map(one => one.text).join('\n')
      sayOutcome(options, { done: outcomes.every(one => one.done), text })
    }),
  )

function* ofAccounts(raw: Buffer): Iterable<OrderOf<'import-accounts'>> {
  const accounts = accountsIn(raw.toString('utf8'))
  for (let i = 0; i < accounts.length; i += ACCOUNTS_AT_ONCE)
    yield { kind: 'import-accounts', accounts: accounts.slice(i, i + ACCOUNTS_AT_ONCE) }
}

function* ofReports(
  raw: Buffer,
  reporter: string | undefined,
): Iterable<OrderOf<'import-reports'>> {
  for (const reports of batchesOf(messagesIn(raw)))
    yield { kind: 'import-reports', reports, ...(reporter === undefined ? {} : { reporter }) }
}

function* batchesOf(messages: readonly Buffer[]): Iterable<string[]> {
  let batch: string[] = []
  let size = 0
  for (const message of messages) {
    const text = message.subarray(0, MOST_SENT).toString('base64')
    if (
      batch.length === REPORTS_AT_ONCE ||
      (batch.length > 0 && size + text.length > SENT_AT_ONCE)
    ) {
      yield batch
      batch = []
      size = 0
    }
    batch.push(text)
    size += text.length
  }
  if (batch.length > 0) yield batch
}

function listed(rows: readonly Complaint[]): string {
  if (rows.length === 0) return 'No report of abuse has come in.'
  return table(
    ['CAME', 'REPORTER', 'WHAT', 'ABOUT', 'KNOWN BY', 'EVIDENCE', 'MESSAGE', 'SOURCE', 'ID'],
    rows.map(one => [
      when(one.at),
      one.reporter ?? 'not proven',
      one.unread === undefined ? `${one.format} ${one.complaint}` : `unread: ${one.unread}`,
      aboutOf(one),
      one.tracedBy,
      evidenceOf(one),
      one.message ?? '-',
      sourceOf(one),
      one.id,
    ]),
  )
}

const aboutOf = ({ login, subscriber }: Complaint): string =>
  login === undefined ? (subscriber === undefined ? '-' : `line:${subscriber}`) : `login:${login}`

/** Its share of the nats of a complaint, or why it is none. */
function evidenceOf({ trust, noEvidence, dismissedAt }: Complaint): string {
  const said = trust === undefined ? (noEvidence ?? '-') : `${Math.round(trust * 100)} %`
  return dismissedAt === undefined ? said : `${said}, unfounded`
}

function sourceOf({ address, port }: Complaint): string {
  if (address === undefined) return '-'
  if (port === undefined) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
