// Orders and what came of them, in SQL.

import type { Kysely } from 'kysely'
import { type Audit, type AuditRow, type Audited, BEGUN } from '../../ports/audit.ts'
import type { Commit } from './commit.ts'
import type { LedgerTables } from './tables.ts'

export function sqlAudit(db: Kysely<LedgerTables>, commit: Pick<Commit, 'write'>): Audit {
  const insert = (given: Audited, body: string) =>
    commit.write([
      db
        .insertInto('audit')
        .values({ ...columnsOf(given), body })
        .compile(),
    ])
  return {
    begin: async given => void (await insert(given, BEGUN)),
    end: async (given, { text }) => {
      const { at, actor, order_kind, target } = columnsOf(given)
      // Of two that are the same to the letter it does not matter which ends first.
      const begun = db
        .selectFrom('audit')
        .select(e => e.fn.min('n').as('n'))
        .where('at', '=', at)
        .where('actor', '=', actor)
        .where('order_kind', '=', order_kind)
        .where('target', '=', target)
        .where('body', '=', BEGUN)
      await commit.write([
        db.updateTable('audit').set({ body: text }).where('n', '=', begun).compile(),
      ])
    },
    add: async (given, { text }) => void (await insert(given, text)),
    list: async (limit, before = Number.MAX_SAFE_INTEGER, { since, actor, order } = {}) => {
      let query = db.selectFrom('audit').selectAll().where('n', '<', before)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (actor !== undefined) query = query.where('actor', '=', actor)
      if (order !== undefined) query = query.where('order_kind', '=', order)
      return (await query.orderBy('n', 'desc').limit(limit).execute()).map(rowOf)
    },
  }
}

function columnsOf({ actor, order, at }: Audited) {
  const name = actor.kind === 'owner' ? `owner ${actor.subscriber}` : `${actor.kind} ${actor.name}`
  return { at, actor: name, order_kind: order.kind, target: JSON.stringify(order) }
}

const rowOf = ({ n, at, actor, order_kind, target, body }: Stored): AuditRow => ({
  n,
  at,
  actor,
  order: order_kind,
  target,
  text: body,
})

type Stored = Omit<LedgerTables['audit'], 'n'> & { readonly n: number }
