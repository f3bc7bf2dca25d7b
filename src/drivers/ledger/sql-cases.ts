// Cases in SQL, with what stands now in memory. Everything of one save is one transaction.

import type { ExpressionBuilder, Kysely } from 'kysely'
import { type Decision, withoutEnd } from '../../model/decision.ts'
import type { LedgerRow } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Cases, IncidentFilter, ListedIncidents, SavedCase } from '../../ports/cases.ts'
import { caseWrites } from './ledger-writes.ts'
import type { OwedWrites } from './owed-writes.ts'
import { parseRow } from './parse-row.ts'
import { StandingCases } from './standing.ts'
import type { LedgerTables } from './tables.ts'

type Db = Kysely<LedgerTables>

/** `saved` is called whenever something was. */
export async function sqlCases(
  db: Db,
  owed: Pick<OwedWrites, 'write'>,
  saved: () => void,
): Promise<Cases> {
  const standing = await load(db)
  return {
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
      // The process that writes here holds the data folder: what stands in memory is what every reader has read.
      const incident = standing.change(change)
      if (!incident) return 'stale'
      await owed.write([...caseWrites(db, { ...change, incident })])
      saved()
      return 'saved'
    },
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
        .select(['id', 'body'])
        .where('incident', '=', incident)
        .orderBy('at')
        .execute()
      return rows.map(parseRow<Decision>('decisions'))
    },
    evidence: async (subject, limit) => {
      const rows = await db
        .selectFrom('evidence')
        .select('body')
        .where('subject', '=', subject)
        .orderBy('n', 'desc')
        .limit(limit)
        .execute()
      return rows.map(parseRow<LedgerRow>('evidence')).reverse()
    },
  }
}

/** Cases of an earlier Cordon have no `rev`. */
function incidentOf(row: { id: string; body: string }): Incident {
  const stored = parseRow<Omit<Incident, 'rev'> & Partial<Incident>>('incidents')(row)
  return { ...stored, rev: stored.rev ?? 0 }
}

async function load(db: Db): Promise<StandingCases> {
  const standing = new StandingCases()
  // In the order they changed, so that the newest case of a subject is the one that stands.
  const cases = await db
    .selectFrom('incidents')
    .select(['id', 'body'])
    .orderBy('changed_at')
    .execute()
  for (const row of cases) standing.putIncident(incidentOf(row))
  const inForce = await db
    .selectFrom('decisions')
    .select(['id', 'body'])
    .where('ended', '=', 0)
    .orderBy('at')
    .execute()
  for (const row of inForce) standing.putDecision(parseRow<Decision>('decisions')(row))
  return standing
}

async function incidents(db: Db, filter: ListedIncidents): Promise<readonly Incident[]> {
  const { after, limit } = filter
  let query = db
    .selectFrom('incidents')
    .select(['id', 'body'])
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
  ({ id, caseCode, subscriber, open, subject, inForce }: IncidentFilter) =>
  (e: ExpressionBuilder<LedgerTables, 'incidents'>) =>
    e.and([
      ...(id === undefined ? [] : [e('id', '=', id)]),
      ...(caseCode === undefined ? [] : [e('case_code', '=', caseCode)]),
      ...(subscriber === undefined ? [] : [e('subscriber', '=', subscriber)]),
      ...(open === undefined ? [] : [e('open', '=', open ? 1 : 0)]),
      ...(subject === undefined ? [] : [e('subject', '=', subject)]),
      ...(inForce
        ? [e('id', 'in', e.selectFrom('decisions').select('incident').where('ended', '=', 0))]
        : []),
    ])
