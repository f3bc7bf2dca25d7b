// `cordon evidence`: the sum of a line or login as a ledger: when, what, how many nats, why, what was forgotten.

import { Command } from 'commander'
import type { LedgerRow } from '../model/evidence.ts'
import type { Subscriber } from '../model/subscriber.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { controlOptions, sayingWhy } from './shared-options.ts'
import { table, when } from './table.ts'

export function evidenceCommand(): Command {
  return controlOptions(
    new Command('evidence').argument('<who>', 'customer number, line:CUSTOMER or login:NAME'),
  ).action(
    sayingWhy(async (who: string, options: ControlOptions) => {
      const subjects = await subjectsOf(options, who)
      const perSubject = await Promise.all(
        subjects.map(async subject => ({
          subject,
          rows: await ask<LedgerRow[]>(options, `/evidence/${encodeURIComponent(subject)}`),
        })),
      )
      if (options.json) console.log(JSON.stringify(perSubject, null, 2))
      else
        console.log(
          perSubject.map(({ subject, rows }) => `${subject}\n${ledger(rows)}`).join('\n\n'),
        )
    }),
  )
}

async function subjectsOf(options: ControlOptions, who: string): Promise<string[]> {
  if (/^(?:line|login):/.test(who)) return [who]
  const { subscriber } = await ask<{ subscriber: Subscriber }>(
    options,
    `/subscribers/${encodeURIComponent(who)}`,
  )
  return [`line:${who}`, ...subscriber.logins.map(login => `login:${login.name}`)]
}

function ledger(rows: readonly LedgerRow[]): string {
  if (rows.length === 0) return 'Nothing.'
  const shown = rows.map(row => [
    when(row.at),
    row.forgotten >= 0.05 ? `-${row.forgotten.toFixed(1)}` : '',
    `+${row.nats.toFixed(1)}`,
    row.sum.toFixed(1),
    row.bits.join(','),
    row.why,
  ])
  return table(['WHEN', 'FORGOTTEN', 'NATS', 'SUM', 'KIND', 'WHY'], shown)
}
