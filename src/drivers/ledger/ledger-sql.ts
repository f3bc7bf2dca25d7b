// The ledger in SQL: the same queries for SQLite and, later, PostgreSQL. Everything of one save is one transaction.

import {
  CompiledQuery,
  type ExpressionBuilder,
  Kysely,
  type SqliteDialect,
  type Transaction,
} from 'kysely'
import { Migrator } from 'kysely/migration'
import { HOUR } from '../../model/duration.ts'
import { type Decision, withoutEnd } from '../../model/decision.ts'
import type { LedgerRow, Subject } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import {
  type Account,
  type AuditRow,
  type IncidentFilter,
  type Ledger,
  MAX_HOLDERS,
  type NoticeRow,
  type SavedCase,
} from '../../ports/ledger.ts'
import * as first from './migrations/001-first.ts'
import * as appPasswords from './migrations/002-app-passwords.ts'
import * as pastLeases from './migrations/003-past-leases.ts'
import * as records from './migrations/004-records.ts'
import * as incidentOpened from './migrations/005-incident-opened.ts'
import * as changesTable from './migrations/006-changes.ts'
import { ledgerChanges } from './ledger-changes.ts'
import {
  caseWrites,
  forgetting,
  leaseWrites,
  recordWrite,
  type Write,
  writes,
} from './ledger-writes.ts'
import { Standing } from './standing.ts'
import type { LedgerTables } from './tables.ts'

/** All of them in one transaction. */
export type Commit = { write(all: readonly Write[]): Promise<void>; close(): Promise<void> }

/** Past leases that are forgotten in one go. */
const FORGOTTEN_AT_ONCE = 5000

/** `commitWith` is made when the tables are there; without it this thread writes, and waits for the disk. */
export async function openLedger(
  dialect: SqliteDialect,
  commitWith?: () => Promise<Commit>,
): Promise<Ledger> {
  const db = new Kysely<LedgerTables>({ dialect })
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => ({
        '001-first': first,
        '002-app-passwords': appPasswords,
        '003-past-leases': pastLeases,
        '004-records': records,
        '005-incident-opened': incidentOpened,
        '006-changes': changesTable,
      }),
    },
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
  const standing = new Standing()
  await load(db, standing)
  const commit = (await commitWith?.()) ?? here(db)
  const { changes, wake } = ledgerChanges(db, commit)
  return {
    changes,
    open: subject => standing.open(subject),
    epoch: subject => standing.epoch(subject),
    rev: subject => standing.rev(subject),
    moved: subject => standing.moved(subject),
    openCases: () => standing.openCases(),
    inForce: subject => standing.inForce(subject),
    allInForce: () => standing.allInForce(),
    saveCase: async (change: SavedCase) => {
      for (const decision of change.decisions) {
        const why = withoutEnd(decision)
        if (why !== undefined) throw new RangeError(`not kept: ${why}`)
      }
      // Who writes here holds the data folder: what stands in memory is what everybody has read.
      const incident = standing.change(change)
      if (!incident) return 'stale'
      await commit.write([...caseWrites(db, { ...change, incident })])
      wake()
      return 'saved'
    },
    save: changes => commit.write([...writes(db, changes)]),
    incidents: filter => incidents(db, filter),
    countIncidents: async filter => {
      const counted = await db
        .selectFrom('incidents')
        .select(e => e.fn.countAll<number>().as('n'))
        .where(matching(filter))
        .executeTakeFirst()
      return counted?.n ?? 0
    },
    decisions: async incident => {
      const rows = await db
        .selectFrom('decisions')
        .select('body')
        .where('incident', '=', incident)
        .orderBy('at')
        .execute()
      return rows.map(parse<Decision>)
    },
    evidence: (subject, limit) => evidence(db, subject, limit),
    notices: async incident => {
      const rows = await db
        .selectFrom('notices')
        .select('body')
        .where('incident', '=', incident)
        .orderBy('at')
        .execute()
      return rows.map(parse<NoticeRow>)
    },
    audit: async (limit, before = Number.MAX_SAFE_INTEGER) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('n', '<', before)
        .orderBy('n', 'desc')
        .limit(limit)
        .execute()
      return rows.map(
        (row): AuditRow => ({
          n: row.n,
          at: row.at,
          actor: row.actor,
          order: row.order_kind,
          target: row.target,
          text: row.body,
        }),
      )
    },
    subscribers: async page => {
      let query = db.selectFrom('subscribers').select('body')
      if (page)
        query = query
          .where('id', '>', page.after ?? '')
          .orderBy('id')
          .limit(page.limit)
      return (await query.execute()).map(parse<Subscriber>)
    },
    putSubscribers: async all => {
      await db.transaction().execute(async trx => {
        for (const one of all) {
          const body = JSON.stringify(one)
          await trx
            .insertInto('subscribers')
            .values({ id: one.id, body })
            .onConflict(c => c.column('id').doUpdateSet({ body }))
            .execute()
        }
      })
    },
    removeSubscribers: async ids => {
      for (let i = 0; i < ids.length; i += 500)
        await db
          .deleteFrom('subscribers')
          .where('id', 'in', ids.slice(i, i + 500))
          .execute()
    },
    leases: async endedAfter => {
      const rows = await db
        .selectFrom('leases')
        .select('body')
        .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', endedAfter)]))
        .orderBy('from_at')
        .execute()
      return rows.map(parse<Lease>)
    },
    putLeases: all =>
      all.length === 0 ? Promise.resolve() : commit.write([...leaseWrites(db, all)]),
    holders: (realm, prefixes, at) => holders(db, { realm, prefixes, at }),
    forgetLeases: async before => {
      const rows = await db
        .selectFrom('leases')
        .select(['realm', 'prefix', 'first_port', 'subscriber', 'from_at'])
        .where('to_at', '<', before)
        .limit(FORGOTTEN_AT_ONCE)
        .execute()
      if (rows.length > 0) await commit.write([...forgetting(db, rows)])
      return rows.length
    },
    accounts: async () =>
      (await db.selectFrom('accounts').selectAll().execute()).map(row => ({
        subscriber: row.subscriber,
        hash: row.hash,
        ...(row.login === '' ? {} : { login: row.login }),
      })),
    putAccounts: all => db.transaction().execute(trx => putAccounts(trx, all)),
    records: async kind =>
      (await db.selectFrom('records').select('body').where('kind', '=', kind).execute()).map(
        row => row.body,
      ),
    putRecord: (kind, id, body) => commit.write([recordWrite(db, { kind, id, body })]),
    removeRecord: (kind, id) =>
      commit.write([
        db.deleteFrom('records').where('kind', '=', kind).where('id', '=', id).compile(),
      ]),
    appPasswords: async () =>
      (await db.selectFrom('app_passwords').select('body').execute()).map(row => parse(row)),
    putAppPassword: async one => {
      const row = { id: one.id, login: one.login, body: JSON.stringify(one) }
      await db
        .insertInto('app_passwords')
        .values(row)
        .onConflict(c => c.column('id').doUpdateSet(row))
        .execute()
    },
    removeAppPasswords: async ids =>
      void (await db.deleteFrom('app_passwords').where('id', 'in', ids).execute()),
    close: async () => {
      await commit.close()
      await db.destroy()
    },
  }
}

const here = (db: Kysely<LedgerTables>): Commit => ({
  write: all =>
    db.transaction().execute(async trx => {
      for (const { sql, parameters } of all)
        await trx.executeQuery(CompiledQuery.raw(sql, [...parameters]))
    }),
  close: async () => undefined,
})

type Writer = Transaction<LedgerTables>
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what it stored
const parse = <T>(row: { body: string }): T => JSON.parse(row.body) as T

/** Cases of an earlier Cordon have no `rev`. */
function incidentOf(row: { body: string }): Incident {
  const stored = parse<Omit<Incident, 'rev'> & Partial<Incident>>(row)
  return { ...stored, rev: stored.rev ?? 0 }
}

async function load(db: Kysely<LedgerTables>, standing: Standing): Promise<void> {
  // In the order they changed, so that the newest case of a subject is the one that stands.
  for (const row of await db
    .selectFrom('incidents')
    .select('body')
    .orderBy('changed_at')
    .execute()) {
    standing.putIncident(incidentOf(row))
  }
  for (const row of await db
    .selectFrom('decisions')
    .select('body')
    .where('ended', '=', 0)
    .orderBy('at')
    .execute()) {
    standing.putDecision(parse<Decision>(row))
  }
}

async function incidents(
  db: Kysely<LedgerTables>,
  filter: Parameters<Ledger['incidents']>[0],
): Promise<readonly Incident[]> {
  const { after, limit } = filter
  let query = db
    .selectFrom('incidents')
    .select('body')
    .where(matching(filter))
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
  if (limit !== undefined) query = query.limit(limit)
  if (after)
    query = query
      .where('opened_at', '<=', after.openedAt)
      .where(e => e.or([e('opened_at', '<', after.openedAt), e('id', '<', after.id)]))
  return (await query.execute()).map(incidentOf)
}

const matching =
  ({ id, caseCode, subscriber, open }: IncidentFilter) =>
  (e: ExpressionBuilder<LedgerTables, 'incidents'>) =>
    e.and([
      ...(id === undefined ? [] : [e('id', '=', id)]),
      ...(caseCode === undefined ? [] : [e('case_code', '=', caseCode)]),
      ...(subscriber === undefined ? [] : [e('subscriber', '=', subscriber)]),
      ...(open === undefined ? [] : [e('open', '=', open ? 1 : 0)]),
    ])

async function evidence(
  db: Kysely<LedgerTables>,
  subject: Subject,
  limit: number,
): Promise<readonly LedgerRow[]> {
  const rows = await db
    .selectFrom('evidence')
    .select('body')
    .where('subject', '=', subject)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute()
  return rows.map(parse<LedgerRow>).reverse()
}

async function holders(
  db: Kysely<LedgerTables>,
  { realm, prefixes, at }: { realm: string; prefixes: readonly string[]; at: number },
): Promise<readonly Lease[]> {
  const rows = await db
    .selectFrom('leases')
    .select('body')
    .where('realm', '=', realm)
    .where('prefix', 'in', prefixes)
    .where('from_at', '<=', at + HOUR)
    .where(e => e.or([e('to_at', 'is', null), e('to_at', '>', at - HOUR)]))
    .orderBy('from_at', 'desc')
    .limit(MAX_HOLDERS + 1)
    .execute()
  return rows.map(parse<Lease>)
}

async function putAccounts(trx: Writer, accounts: readonly Account[]): Promise<void> {
  for (const { subscriber, login, hash } of accounts) {
    await trx
      .insertInto('accounts')
      .values({ subscriber, login: login ?? '', hash })
      .onConflict(c => c.columns(['subscriber', 'login']).doUpdateSet({ hash }))
      .execute()
  }
}
