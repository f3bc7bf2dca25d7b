// Cases are listed by when they were opened, and found by their code and their customer.

import type { Kysely } from 'kysely'
import type { Incident } from '../../../model/incident.ts'
import { DamagedRow, parseBody } from '../parse-row.ts'
import type { LedgerTables } from '../tables.ts'

export async function up(db: Kysely<LedgerTables>): Promise<void> {
  await db.schema
    .alterTable('incidents')
    .addColumn('opened_at', 'integer', c => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .alterTable('incidents')
    .addColumn('case_code', 'text', c => c.notNull().defaultTo(''))
    .execute()
  for (const { id, body } of await db.selectFrom('incidents').select(['id', 'body']).execute()) {
    const { openedAt: opened_at, caseCode: case_code } = openedIn(id, body)
    await db.updateTable('incidents').set({ opened_at, case_code }).where('id', '=', id).execute()
  }
  const index = (name: string, columns: (keyof LedgerTables['incidents'])[]) =>
    db.schema.createIndex(name).on('incidents').columns(columns).execute()
  await index('incidents_opened', ['opened_at', 'id'])
  await index('incidents_code', ['case_code'])
  await index('incidents_subscriber', ['subscriber', 'opened_at'])
}

type Opened = Pick<Incident, 'openedAt' | 'caseCode'>

/** Throws DamagedRow. */
function openedIn(id: string, body: string): Opened {
  const stored = parseBody<Partial<Record<keyof Opened, unknown>>>('incidents', id, body)
  if (typeof stored.openedAt !== 'number') throw new DamagedRow('incidents', id, 'without openedAt')
  if (typeof stored.caseCode !== 'string') throw new DamagedRow('incidents', id, 'without caseCode')
  return { openedAt: stored.openedAt, caseCode: stored.caseCode }
}
