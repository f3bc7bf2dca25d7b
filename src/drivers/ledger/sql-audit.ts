// Orders and what came of them, in SQL.

import type { Kysely } from 'kysely'
import type { Audit, AuditRow } from '../../ports/audit.ts'
import type { Commit } from './commit.ts'
import type { LedgerTables } from './tables.ts'

export const sqlAudit = (db: Kysely<LedgerTables>, commit: Pick<Commit, 'write'>): Audit => ({
  add: async ({ actor, order, at }, { text }) => {
    const name =
      actor.kind === 'owner' ? `owner ${actor.subscriber}` : `${actor.kind} ${actor.name}`
    const target = JSON.stringify(order)
    await commit.write([
      db
        .insertInto('audit')
        .values({ at, actor: name, order_kind: order.kind, target, body: text })
        .compile(),
    ])
  },
  list: async (limit, before = Number.MAX_SAFE_INTEGER) => {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('n', '<', before)
      .orderBy('n', 'desc')
      .limit(limit)
      .execute()
    return rows.map(
      ({ n, at, actor, order_kind: order, target, body: text }): AuditRow => ({
        n,
        at,
        actor,
        order,
        target,
        text,
      }),
    )
  },
})
