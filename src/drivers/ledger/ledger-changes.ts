// The numbered changes of the ledger. A cursor is `LIFE.N`: a ledger that was begun anew has another life, and one that was put back from
// a backup has not come to N yet; both are a resync. Rows are written with the case they tell of, in one transaction.

import type { Kysely } from 'kysely'
import type { Decision } from '../../model/decision.ts'
import type { Incident } from '../../model/incident.ts'
import {
  CHANGES_AT_ONCE,
  CHANGES_KEPT,
  CHANGES_MOST,
  type ChangedRow,
  type Changes,
} from '../../ports/changes.ts'
import type { Commit } from './commit.ts'
import { parseBody } from './parse-row.ts'
import type { KeyedWrite } from './write.ts'
import type { LedgerTables } from './tables.ts'

/** In one transaction: others wait behind it. */
const FORGOTTEN_AT_ONCE = 5000

export function* changeWrites(
  db: Kysely<LedgerTables>,
  { incident, decisions }: { readonly incident: Incident; readonly decisions: readonly Decision[] },
): Iterable<KeyedWrite> {
  const rows: readonly ChangedRow[] = [
    { kind: 'case', incident },
    ...decisions.map(decision => ({ kind: 'decision', decision }) as const),
  ]
  for (const [i, row] of rows.entries()) {
    const values = { at: incident.changedAt, body: JSON.stringify(row) }
    const write = db.insertInto('changes').values(values).compile()
    yield { ...write, key: `change ${incident.id} ${incident.rev} ${i}` }
  }
}

/** With a function that wakes its listeners. */
export function ledgerChanges(
  db: Kysely<LedgerTables>,
  commit: Pick<Commit, 'write'>,
): { readonly changes: Changes; readonly wake: () => void } {
  const listening = new Set<() => void>()
  const changes: Changes = {
    since: cursor => since(db, cursor),
    end: async () => {
      const { life, last } = await kept(db)
      return `${life}.${last}`
    },
    onChange: wake => {
      listening.add(wake)
      return () => void listening.delete(wake)
    },
    forget: async at => {
      const { forgotten, last } = await kept(db)
      const old = await db
        .selectFrom('changes')
        .select('n')
        .where('at', '<', at - CHANGES_KEPT)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst()
      const upTo = Math.min(
        Math.max(old?.n ?? 0, last - CHANGES_MOST),
        forgotten + FORGOTTEN_AT_ONCE,
      )
      if (upTo <= forgotten) return 0
      await commit.write([
        db.updateTable('changes_kept').set({ forgotten: upTo }).compile(),
        db.deleteFrom('changes').where('n', '<=', upTo).compile(),
      ])
      return upTo - forgotten
    },
  }
  return {
    changes,
    wake: () => {
      for (const wake of listening) wake()
    },
  }
}

async function since(db: Kysely<LedgerTables>, cursor: string): ReturnType<Changes['since']> {
  const [of, number] = cursor.split('.')
  const n = Number(number)
  const rows = await db
    .selectFrom('changes')
    .select(['n', 'body'])
    .where('n', '>', Number.isSafeInteger(n) ? n : Number.MAX_SAFE_INTEGER)
    .orderBy('n')
    .limit(CHANGES_AT_ONCE)
    .execute()
  // Behind the rows: what was forgotten while they were read is missing among them.
  const { life, forgotten, last } = await kept(db)
  if (of !== life || !(n >= forgotten && n <= last)) return 'resync'
  return {
    rows: rows.map(({ n: id, body }) => parseBody<ChangedRow>('changes', String(id), body)),
    cursor: `${life}.${rows.at(-1)?.n ?? n}`,
  }
}

async function kept(db: Kysely<LedgerTables>) {
  const { life, forgotten } = await db
    .selectFrom('changes_kept')
    .selectAll()
    .executeTakeFirstOrThrow()
  const newest = await db
    .selectFrom('changes')
    .select('n')
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { life, forgotten, last: Math.max(forgotten, newest?.n ?? 0) }
}
