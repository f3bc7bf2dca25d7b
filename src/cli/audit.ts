// `cordon audit`: which orders were given, when, by whom, and what came of them.

import { Command } from 'commander'
import type { AuditRow } from '../ports/audit.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayingWhy, spanOf } from './shared-options.ts'
import { table, when } from './table.ts'

type Filter = { since?: string; by?: string; order?: string }

export function auditCommand(): Command {
  return listOptions(
    new Command('audit')
      .option('--since <span>', 'only those given in the last 24h, or 7d')
      .option('--by <who>', 'only those given by "staff NAME", "owner CUSTOMER" or "chore NAME"')
      .option('--order <kind>', 'only this order, such as release; cordon order has them all'),
  ).action(
    sayingWhy(async (options: ListOptions & Filter) => {
      const { since, by, order } = options
      const query = {
        ...(since === undefined ? {} : { since: String(Date.now() - spanOf(since)) }),
        ...(by === undefined ? {} : { by }),
        ...(order === undefined ? {} : { order }),
      }
      sayList(options, await askList<AuditRow>(options, '/audit', query), listed)
    }),
  )
}

function listed(rows: readonly AuditRow[]): string {
  if (rows.length === 0) return 'No such order was given.'
  return table(
    ['GIVEN', 'BY', 'ORDER', 'WHAT CAME OF IT', 'AS IT WAS GIVEN'],
    rows.map(({ at, actor, order, text, target }) => [when(at), actor, order, text, target]),
  )
}
