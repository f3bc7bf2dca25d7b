// What may be read over the API: one entry for each path, from which routes and the OpenAPI page are made.

import { DAY } from '../../model/duration.ts'
import type { EpisodeSubject } from '../../model/episode.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Page, PageAsked } from '../../model/page.ts'
import {
  auditQuery,
  eventsQuery,
  incidentsQuery,
  leasesQuery,
  MAX_ROWS,
  noQuery,
  pageQuery,
  type Query,
  queueQuery,
  refusalsQuery,
  whoQuery,
} from '../../orders/queries.ts'
import { EVIDENCE_KEPT } from '../../ports/cases.ts'
import { type EventIndex, isEventKey } from '../../ports/event-index.ts'
import type { Operations } from '../../ports/operations.ts'
import type { Reading } from '../../ports/reading.ts'
import type { Refusals } from '../../ports/refusals.ts'

export type ReadParts = {
  readonly reading: Reading
  readonly operations: Pick<Operations, 'status'>
  readonly refusals: Refusals
  readonly eventIndex: EventIndex
  readonly now: () => number
}

export type Read<T = unknown> = {
  /** `{id}` is the one thing that may stand in it. */
  readonly path: string
  readonly about: string
  readonly query: Query<T>
  /** The message of a 404: nothing has that name. */
  readonly missing?: string
  answer(parts: ReadParts, asked: T, id: string): unknown
}

const WEEK = 7 * DAY
const NO_LIST = 'There is no list (`list` in the configuration), or that is no address.'
/** Rows of one customer on one screen. */
const CASES = { limit: 50 }
const HELD = { limit: 1000 }

const read = <T>(one: Read<T>): Read => one

export const READS: readonly Read[] = [
  read({
    path: '/incidents',
    about:
      'open incidents, the newest first; with ?all closed ones, too; with ?inForce those with a decision in force',
    query: incidentsQuery,
    answer: async ({ reading }, { all, subscriber, subject, inForce, ...page }) =>
      said(
        await reading.incidentPage(
          {
            ...(all === undefined ? { open: true } : {}),
            ...(subscriber === undefined ? {} : { subscriber }),
            ...(subject === undefined ? {} : { subject }),
            ...(inForce === undefined ? {} : { inForce: true }),
          },
          paged(page),
        ),
      ),
  }),
  read({
    path: '/incidents/{id}',
    about: 'one incident, by its id or case code, with its decisions, evidence and notices',
    query: noQuery,
    missing: 'There is no such case.',
    answer: ({ reading }, _asked, id) => oneCase(reading, id),
  }),
  read({
    path: '/refusals/{id}',
    about: 'why a message was refused',
    query: noQuery,
    missing: 'There is no such refusal, or it is older than the journal.',
    answer: ({ refusals }, _asked, id) => refusals.find(id),
  }),
  read({
    path: '/refusals',
    about:
      'refused mail from or to ?address, or with this ?message-id, the oldest first; the last week or from ?since on',
    query: refusalsQuery,
    missing: 'Write ?address=ann@example.org or ?message-id=<…>.',
    answer: async ({ refusals, now }, { since = now() - WEEK, limit = MAX_ROWS, ...about }) => {
      const { address, 'message-id': messageId } = about
      if (messageId !== undefined) return refusals.about({ messageId, since, limit })
      return address === undefined ? undefined : refusals.about({ address, since, limit })
    },
  }),
  read({
    path: '/events/{id}',
    about:
      'what the journal says about line:CUSTOMER, login:NAME, address:IP, message:ID or refusal:ID, the oldest first; the last day or from ?since on',
    query: eventsQuery,
    missing: 'Write line:CUSTOMER, login:NAME, address:IP, message:ID or refusal:ID.',
    answer: async ({ eventIndex, now }, { since = now() - DAY, limit = MAX_ROWS }, id) => {
      if (!isEventKey(id)) return undefined
      const { events, truncated, unreadable } = await eventIndex.find(id, { since, limit })
      return { rows: events, truncated, unreadable }
    },
  }),
  read({
    path: '/decisions',
    about: 'decisions in force',
    query: noQuery,
    answer: ({ reading }) => reading.inForce(),
  }),
  read({
    path: '/evidence/{id}',
    about:
      'evidence against a line or login (line:CUSTOMER, login:NAME), and what evidence by episodes says of it, or of a foreign address (source:ADDRESS)',
    query: noQuery,
    answer: async ({ reading }, _asked, id) => {
      const rows = await reading.evidence(id as Subject, EVIDENCE_KEPT)
      const episodes = await reading.episodes(id as EpisodeSubject)
      // Older rows are not kept.
      return { rows, truncated: rows.length >= EVIDENCE_KEPT, ...(episodes ? { episodes } : {}) }
    },
  }),
  read({
    path: '/subscribers',
    about: 'customers',
    query: pageQuery,
    answer: async ({ reading }, page) => said(await reading.subscribers(paged(page))),
  }),
  read({
    path: '/subscribers/{id}',
    about:
      'one customer: leases, app passwords, incidents, held mail, and what the network enforces',
    query: noQuery,
    missing: 'There is no such customer.',
    answer: ({ reading }, _asked, id) => oneCustomer(reading, id),
  }),
  read({
    path: '/status',
    about:
      'how things stand: faults, queue, decisions in force, connections, sensors, certificates',
    query: noQuery,
    answer: ({ operations }) => operations.status(),
  }),
  read({
    path: '/drivers',
    about: 'network drivers, and the number of entries that each enforces',
    query: noQuery,
    answer: ({ reading }) => reading.drivers(),
  }),
  read({
    path: '/network',
    about:
      'access servers, exporters and logs that report on the network, their clocks, and what needs attention',
    query: noQuery,
    answer: ({ reading }) => reading.network(),
  }),
  read({
    path: '/network/check',
    about: 'what is wrong with what the network enforces: each router is asked and compared',
    query: noQuery,
    answer: ({ reading }) => reading.networkCheck(),
  }),
  read({
    path: '/rollouts',
    about: 'parts of a rollout and their states',
    query: noQuery,
    answer: ({ reading }) => reading.rollouts(),
  }),
  read({
    path: '/opt-outs',
    about: 'opt-outs of port 25',
    query: noQuery,
    // The code that the customer must type is not shown.
    answer: ({ reading }) => reading.optOuts().map(({ proof: _proof, ...one }) => one),
  }),
  read({
    path: '/complaints',
    about: 'reports of abuse that came in, the newest first',
    query: noQuery,
    answer: ({ reading }) => reading.complaints(),
  }),
  read({
    path: '/abuse-reports',
    about:
      'reports to other networks: which machines are gathered for the next one, and which contact was told when',
    query: noQuery,
    missing: 'No contact of another network is named (`feedback.reports` in the configuration).',
    answer: ({ reading }) => reading.abuseReporting(),
  }),
  read({
    path: '/list',
    about: 'addresses and prefixes on the list that others ask over the DNS',
    query: pageQuery,
    missing: NO_LIST,
    answer: ({ reading: { list } }, page) => list && said(list.page(paged(page))),
  }),
  read({
    path: '/list/{id}',
    about: 'whether the list has this address, as what and since when',
    query: noQuery,
    missing: NO_LIST,
    answer: ({ reading: { list } }, _asked, id) => list?.check(id),
  }),
  read({
    path: '/who',
    about: 'the subscriber that had an address, then, and how sure that is',
    query: whoQuery,
    answer: ({ reading }, { realm = 'main', at, address, port }) =>
      reading.who({
        realm,
        address,
        ...(at === undefined ? {} : { at }),
        ...(port === undefined ? {} : { port }),
      }),
  }),
  read({
    path: '/queue',
    about: 'messages in the queue',
    query: queueQuery,
    answer: async ({ reading }, { limit, after, ...filter }) =>
      said(await reading.queue(filter, paged({ limit, after }))),
  }),
  read({
    path: '/audit',
    about:
      'orders, their actors and outcomes, the newest first; ?since, ?by and ?order filter them',
    query: auditQuery,
    answer: async ({ reading }, { limit, after, since, by, order }) =>
      said(
        await reading.audit(
          {
            ...(since === undefined ? {} : { since }),
            ...(by === undefined ? {} : { actor: by }),
            ...(order === undefined ? {} : { order }),
          },
          paged({ limit, after }),
        ),
      ),
  }),
  read({
    path: '/leases',
    about:
      'subscribers that had an address and when, as far back as leases are kept, the newest first; with ?address (and ?realm) only that one',
    query: leasesQuery,
    answer: async ({ reading }, { realm = 'main', address, limit, after }) =>
      said(
        await reading.leasesOf(
          address === undefined ? undefined : { realm, address },
          paged({ limit, after }),
        ),
      ),
  }),
]

/** Staff read codes, programs read ids; both are understood. */
async function oneCase(reading: Reading, given: string) {
  const [byId] = await reading.incidents({ id: given })
  const [incident] = byId ? [byId] : await reading.incidents({ caseCode: given.toUpperCase() })
  if (!incident) return undefined
  const [decisions, evidence, notices] = await Promise.all([
    reading.decisions(incident.id),
    reading.evidence(incident.subject, EVIDENCE_KEPT),
    reading.notices(incident.id),
  ])
  return {
    incident,
    decisions,
    evidence: evidence.filter(row => row.incident === incident.id),
    // Older evidence of the same line or login is not kept: what is gone may have been of this case.
    truncated:
      evidence.length >= EVIDENCE_KEPT &&
      evidence[0]?.at !== undefined &&
      evidence[0].at > incident.openedAt,
    notices,
  }
}

async function oneCustomer(reading: Reading, given: string) {
  const subscriber = reading.subscriber(given)
  if (!subscriber) return undefined
  const { id } = subscriber
  const [incidents, held, enforced, doubts] = await Promise.all([
    reading.incidentPage({ subscriber: id }, CASES),
    reading.queue({ subscriber: id, state: ['held', 'paced'] }, HELD),
    reading.enforced(id),
    reading.doubts(id),
  ])
  const apps = subscriber.logins.flatMap(login => reading.appPasswords(login.name))
  return {
    subscriber,
    leases: reading.leases(id),
    apps,
    incidents: said(incidents),
    held: said(held),
    enforced,
    doubts,
  }
}

const paged = ({
  limit = MAX_ROWS,
  after,
}: {
  limit?: number | undefined
  after?: string | undefined
}): PageAsked => ({
  limit,
  ...(after === undefined ? {} : { after }),
})

/** A reader of the rows need not know that `next` is missing at the end. */
const said = <T>(page: Page<T>): Page<T> & { truncated: boolean } => ({
  ...page,
  truncated: page.next !== undefined,
})
