// `cordon audit-log`: which orders were given, when, by whom, and what came of them.

import { Command } from 'commander'
import type { AuditRow } from '../ports/audit.ts'
import { CONTRACTS } from '../orders/contract/orders.ts'
import { noOrder } from '../orders/parse-order.ts'
import { UsageError } from './failures.ts'
import { askList, type ListOptions, listOptions, sayList } from './list-pages.ts'
import { sayingWhy, spanOf } from './shared-options.ts'
import { table, when } from './table.ts'

type Filter = { since?: string; by?: string; order?: string }

export function auditLogCommand(): Command {
  return listOptions(
    new Command('audit-log')
      .option('--since <span>', 'orders of the last 24h, or 7d')
      .option('--by <who>', 'orders of "staff NAME", "owner CUSTOMER" or "chore NAME"')
      .option('--order <kind>', 'only this order, such as release; cordon order has them all'),
  ).action(
    sayingWhy(async (options: ListOptions & Filter) => {
      const { since, by, order } = options
      if (by !== undefined && !/^(?:staff|owner|chore) \S/.test(by))
        throw new UsageError(
          `--by: Write who gave it and as what: "staff ${by}", "owner ${by}" or "chore ${by}".`,
        )
      const query = {
        ...(since === undefined ? {} : { since: String(Date.now() - spanOf(since)) }),
        ...(by === undefined ? {} : { by }),
        ...(order === undefined ? {} : { order }),
      }
      const list = await askList<AuditRow>(options, '/audit', query)
      // For a known order an empty list is the answer: none was given. An unknown order is a slip of the pen, and must not look the same.
      if (order !== undefined && list.rows.length === 0 && !isKnown(order))
        throw new UsageError(`--order: ${noOrder(order).message}`)
      sayList(options, list, listed)
    }),
  )
}

/** What is in the audit beside the orders of the list: the configuration's. */
const OTHERS: readonly string[] = ['reload', 'start']
const isKnown = (order: string): boolean =>
  OTHERS.includes(order) || CONTRACTS.some(one => one.kind === order)

function listed(rows: readonly AuditRow[]): string {
  if (rows.length === 0) return 'No such order was given.'
  return table(
    ['TIME', 'BY', 'ORDER', 'OUTCOME', 'ORDER (JSON)'],
    rows.map(({ at, actor, order, text, target }) => [
      when(at),
      actor,
      order,
      inOneLine(text),
      target,
    ]),
  )
}

/** What came of a reload has a line for each setting. */
const inOneLine = (text: string): string =>
  text.trimEnd().replaceAll(':\n', ': ').replaceAll('\n', '; ')
