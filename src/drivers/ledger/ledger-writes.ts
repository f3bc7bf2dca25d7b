// What a save writes into the ledger, as statements: the code with the database carries them out in one transaction.

import type { Kysely } from 'kysely'
import type { Decision } from '../../model/decision.ts'
import { type Lease, sessionText } from '../../model/lease.ts'
import type { LedgerRow } from '../../model/evidence.ts'
import { textKey } from '../../model/text-key.ts'
import { EVIDENCE_KEPT, type SavedCase } from '../../ports/cases.ts'
import type { NoticeRow } from '../../ports/notices.ts'
import { changeWrites } from './ledger-changes.ts'
import type { KeyedWrite } from './write.ts'
import type { LedgerTables } from './tables.ts'
import type { Write } from './write.ts'

/** A case and all that is written with it. */
export function* caseWrites(
  db: Kysely<LedgerTables>,
  { incident, decisions, evidence, notices }: SavedCase,
): Iterable<KeyedWrite> {
  const columns = {
    subscriber: incident.subscriber ?? null,
    open: incident.status === 'closed' ? 0 : 1,
    epoch: incident.epoch,
    changed_at: incident.changedAt,
    opened_at: incident.openedAt,
    case_code: incident.caseCode,
    body: JSON.stringify(incident),
  }
  const write = db
    .insertInto('incidents')
    .values({ id: incident.id, subject: incident.subject, ...columns })
    .onConflict(c => c.column('id').doUpdateSet(columns))
    .compile()
  yield { ...write, key: `case ${incident.id}` }
  for (const decision of decisions)
    yield { ...decisionWrite(db, decision), key: `decision ${decision.id}` }
  for (const row of evidence) yield* evidenceWrites(db, row)
  yield* noticeWrites(db, notices)
  yield* changeWrites(db, { incident, decisions })
}

function decisionWrite(db: Kysely<LedgerTables>, decision: Decision): Write {
  const columns = {
    ended: decision.endedAt === undefined ? 0 : 1,
    body: JSON.stringify(decision),
  }
  const { id, incident, subject, at } = decision
  return db
    .insertInto('decisions')
    .values({ id, incident, subject, at, ...columns })
    .onConflict(c => c.column('id').doUpdateSet(columns))
    .compile()
}

export function* noticeWrites(
  db: Kysely<LedgerTables>,
  notices: readonly NoticeRow[],
): Iterable<KeyedWrite> {
  for (const notice of notices) {
    const { id, incident, at } = notice
    const write = db
      .insertInto('notices')
      .values({ id, incident, at, body: JSON.stringify(notice) })
      .onConflict(c => c.column('id').doNothing())
      .compile()
    yield { ...write, key: `notice ${id}` }
  }
}

function* evidenceWrites(db: Kysely<LedgerTables>, row: LedgerRow): Iterable<KeyedWrite> {
  const { subject, at, id } = row
  const body = JSON.stringify(row)
  const write = db.insertInto('evidence').values({ subject, at, body }).compile()
  const same = db
    .deleteFrom('evidence')
    .where('subject', '=', subject)
    .where('body', '=', body)
    .compile()
  yield { ...write, key: textKey('evidence', subject, `${at}`, id), again: [same, write] }
  yield db
    .deleteFrom('evidence')
    .where('subject', '=', row.subject)
    .where('n', '<=', others =>
      others
        .selectFrom('evidence')
        .select('n')
        .where('subject', '=', row.subject)
        .orderBy('n', 'desc')
        .offset(EVIDENCE_KEPT)
        .limit(1),
    )
    .compile()
}

/** One statement for all, compiled once: an access server that starts anew ends sixty thousand. */
export function* leaseWrites(db: Kysely<LedgerTables>, leases: readonly Lease[]): Iterable<Write> {
  let sql: string | undefined
  for (const lease of leases) {
    const body = JSON.stringify(lease)
    const to = lease.to ?? null
    const { realm, prefix, subscriber, from } = lease
    const first_port = lease.ports?.[0] ?? 0
    const session = sessionText(lease)
    const key = { realm, prefix, first_port, subscriber, from_at: from, session }
    sql ??= db
      .insertInto('leases')
      .values({ ...key, to_at: to, body })
      .onConflict(c =>
        c
          .columns(['realm', 'prefix', 'first_port', 'subscriber', 'from_at', 'session'])
          .doUpdateSet(e => ({ to_at: e.ref('excluded.to_at'), body: e.ref('excluded.body') })),
      )
      .compile().sql
    yield { sql, parameters: [...Object.values(key), to, body] }
  }
}

export type LeaseKey = Pick<
  LedgerTables['leases'],
  'realm' | 'prefix' | 'first_port' | 'subscriber' | 'from_at' | 'session'
>

export function* forgetting(db: Kysely<LedgerTables>, keys: readonly LeaseKey[]): Iterable<Write> {
  for (const { realm, prefix, first_port, subscriber, from_at, session } of keys)
    yield db
      .deleteFrom('leases')
      .where('realm', '=', realm)
      .where('prefix', '=', prefix)
      .where('first_port', '=', first_port)
      .where('subscriber', '=', subscriber)
      .where('from_at', '=', from_at)
      .where('session', '=', session)
      .compile()
}
