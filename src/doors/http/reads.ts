// What may be read over the API: one entry for each path, from which routes and the OpenAPI page are made.

import type { Subject } from '../../model/evidence.ts'
import { incidentsQuery, noQuery, type Query, queueQuery, whoQuery } from '../../orders/queries.ts'
import type { Reading } from '../../ports/reading.ts'
import type { Refusals } from '../../ports/refusals.ts'

export type ReadParts = {
  readonly reading: Reading
  readonly refusals: Refusals
  readonly now: () => number
}

export type Read<T = unknown> = {
  /** `{id}` is the one thing that may stand in it. */
  readonly path: string
  readonly about: string
  readonly query: Query<T>
  /** Said with 404 when there is nothing of that name. */
  readonly missing?: string
  answer(parts: ReadParts, asked: T, id: string): unknown
}

/** Rows of any one answer. */
const MAX_ROWS = 1000

const read = <T>(one: Read<T>): Read => one

export const READS: readonly Read[] = [
  read({
    path: '/incidents',
    about: 'open cases; with ?all closed ones, too',
    query: incidentsQuery,
    answer: ({ reading }, { all, subscriber }) =>
      reading.incidents({
        ...(all === undefined ? { open: true } : {}),
        ...(subscriber === undefined ? {} : { subscriber }),
        limit: MAX_ROWS,
      }),
  }),
  read({
    path: '/incidents/{id}',
    about: 'one case with its decisions, evidence and notices',
    query: noQuery,
    missing: 'There is no such case.',
    answer: ({ reading }, _asked, id) => oneCase(reading, id),
  }),
  read({
    path: '/refusals/{id}',
    about: 'what is behind a refusal',
    query: noQuery,
    missing: 'There is no such refusal, or it is older than the journal.',
    answer: ({ refusals }, _asked, id) => refusals.find(id),
  }),
  read({
    path: '/decisions',
    about: 'decisions in force',
    query: noQuery,
    answer: ({ reading }) => reading.inForce(),
  }),
  read({
    path: '/evidence/{id}',
    about: 'what speaks against a line or login (line:CUSTOMER, login:NAME)',
    query: noQuery,
    answer: ({ reading }, _asked, id) => reading.evidence(id as Subject, 200),
  }),
  read({
    path: '/subscribers',
    about: 'customers',
    query: noQuery,
    answer: ({ reading }) => firstOf(reading.subscribers()),
  }),
  read({
    path: '/subscribers/{id}',
    about: 'one customer: leases, app passwords, cases, held mail, and what the network enforces',
    query: noQuery,
    missing: 'There is no such subscriber.',
    answer: ({ reading }, _asked, id) => oneCustomer(reading, id),
  }),
  read({
    path: '/drivers',
    about: 'network drivers, and how much each really holds',
    query: noQuery,
    answer: ({ reading }) => reading.drivers(),
  }),
  read({
    path: '/rollouts',
    about: 'parts of a rollout as they stand',
    query: noQuery,
    answer: ({ reading }) => reading.rollouts(),
  }),
  read({
    path: '/opt-outs',
    about: 'port 25 on customers’ own wish',
    query: noQuery,
    // What was to be typed is nobody's business.
    answer: ({ reading }) => reading.optOuts().map(({ proof: _proof, ...one }) => one),
  }),
  read({
    path: '/who',
    about: 'who had an address, then, and how sure that is',
    query: whoQuery,
    answer: ({ reading, now }, { realm = 'main', at = now(), address, port }) =>
      reading.who({ realm, address, at, ...(port === undefined ? {} : { port }) }),
  }),
  read({
    path: '/queue',
    about: 'mail that waits',
    query: queueQuery,
    answer: ({ reading }, filter) => reading.queue({ ...filter, limit: MAX_ROWS }),
  }),
  read({
    path: '/audit',
    about: 'the last orders, and who gave them',
    query: noQuery,
    answer: ({ reading }) => reading.audit(200),
  }),
]

async function oneCase(reading: Reading, id: string) {
  const [incident] = await reading.incidents({ id })
  if (!incident) return undefined
  const [decisions, evidence, notices] = await Promise.all([
    reading.decisions(incident.id),
    reading.evidence(incident.subject, 200),
    reading.notices(incident.id),
  ])
  return {
    incident,
    decisions,
    evidence: evidence.filter(row => row.incident === incident.id),
    notices,
  }
}

async function oneCustomer(reading: Reading, given: string) {
  const subscriber = reading.subscriber(given)
  if (!subscriber) return undefined
  const { id } = subscriber
  const [incidents, held, enforced] = await Promise.all([
    reading.incidents({ subscriber: id, limit: 50 }),
    reading.queue({ subscriber: id, state: 'held', limit: 100 }),
    reading.enforced(id),
  ])
  const apps = subscriber.logins.flatMap(login => reading.appPasswords(login.name))
  return { subscriber, leases: reading.leases(id), apps, incidents, held, enforced }
}

function firstOf<T>(all: Iterable<T>): T[] {
  const rows: T[] = []
  for (const one of all) {
    rows.push(one)
    if (rows.length >= MAX_ROWS) break
  }
  return rows
}
