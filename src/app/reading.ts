// What the web pages and the command line may look at, from the ports that know it.

import { wordsOf } from '../model/errors.ts'
import type { MemoryLeases } from '../drivers/directory/leases-memory.ts'
import { doubtful, doubtsAt, doubtsOf, standingText } from './doubts.ts'
import type { Event } from '../model/event.ts'
import { formatPrefix, parseIp, parsePrefix } from '../model/ip.ts'
import { type Holder, holderAmong, isStranger, sessionText } from '../model/lease.ts'
import { NoSuchPlace, pageOf } from '../model/page.ts'
import { type DeterministicMap, insideOf } from '../model/shared-address.ts'
import type { Credentials } from '../ports/credentials.ts'
import type { Leases } from '../ports/leases.ts'
import type { Audit } from '../ports/audit.ts'
import type { Cases } from '../ports/cases.ts'
import type { Customers } from '../ports/customers.ts'
import { type LeaseRows, MAX_HOLDERS } from '../ports/lease-rows.ts'
import type { Notices } from '../ports/notices.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import type { DriverState, ListedSubscriber, Reading, WhoAsked } from '../ports/reading.ts'
import type { Subscriber } from '../model/subscriber.ts'
import type { OptOut } from '../model/opt-out.ts'
import type { OwnedRecords, Records } from '../ports/records.ts'
import type { SecondFactors } from '../ports/second-factor.ts'
import type { Spool } from '../ports/spool.ts'
import type { Subscribers } from '../ports/subscribers.ts'

export type ReadingParts = {
  readonly cases: Pick<
    Cases,
    'incidents' | 'countIncidents' | 'decisions' | 'evidence' | 'allInForce'
  >
  readonly notices: Pick<Notices, 'notices'>
  readonly audit: Pick<Audit, 'list'>
  readonly customers: Pick<Customers, 'subscribers' | 'addressesOfMany'>
  readonly leaseRows: Pick<LeaseRows, 'holders' | 'listLeases'>
  readonly spool: Pick<Spool, 'list'>
  readonly subscribers: Subscribers
  readonly leases: Leases & Pick<MemoryLeases, 'isDoubtful'>
  readonly routers: readonly NetworkControl[]
  readonly credentials: Pick<Credentials, 'appPasswords'>
  readonly optOuts: Pick<OwnedRecords<OptOut>, 'all' | 'of'>
  readonly off: Pick<Records<{ readonly id: string }>, 'get'>
  readonly factors: Pick<SecondFactors, 'has'>
  readonly rollouts: Reading['rollouts']
  readonly list: Reading['list']
  readonly complaints: Reading['complaints']
  readonly abuseReporting: Reading['abuseReporting']
  readonly network: Reading['network']
  readonly networkCheck: Reading['networkCheck']
  /** By how much the clocks of tellers of leases may differ from ours (ms). */
  readonly skew: number
  /** Addresses that are shared by arithmetic. */
  readonly shared: readonly DeterministicMap[]
  readonly episodes: Reading['episodes']
  readonly events: { listen(listener: (event: Event) => void): () => void }
}

export function reading(parts: ReadingParts): Reading {
  const { cases } = parts
  return {
    incidents: filter => cases.incidents(filter),
    ...lists(parts),
    decisions: incident => cases.decisions(incident),
    inForce: () => cases.allInForce(),
    evidence: (subject, limit) => cases.evidence(subject, limit),
    episodes: subject => parts.episodes(subject),
    notices: incident => parts.notices.notices(incident),
    subscriber: id => parts.subscribers.get(id),
    leases: subscriber => parts.leases.current(subscriber),
    who: async asked => {
      const holder = await whoHad(parts, asked)
      if (holder.sure !== 'ambiguous' || asked.at !== undefined) return holder
      return { ...holder, doubts: await doubtsAt(parts, asked) }
    },
    doubts: subscriber => doubtsOf(parts, doubtful(parts, parts.leases.current(subscriber))),
    optOuts: subscriber =>
      subscriber === undefined ? [...parts.optOuts.all()] : parts.optOuts.of(subscriber),
    hasFactor: subscriber => parts.factors.has(subscriber),
    appPasswords: login => parts.credentials.appPasswords(login),
    listen: listener => parts.events.listen(listener),
    rollouts: () => parts.rollouts(),
    list: parts.list,
    complaints: () => parts.complaints(),
    abuseReporting: () => parts.abuseReporting(),
    network: () => parts.network(),
    networkCheck: () => parts.networkCheck(),
    drivers: () =>
      Promise.all(
        parts.routers.map(async (driver): Promise<DriverState> => {
          const { name } = driver
          const known = { name, off: parts.off.get(name) !== undefined }
          return driver.list().then(
            held => {
              const entries = held.filter(({ standing }) => standing === undefined).length
              const worry = (driver.worries?.() ?? []).map(({ words }) => words).join('; ')
              return { ...known, entries, ...(worry === '' ? {} : { worry }) }
            },
            error => ({ ...known, failed: wordsOf(error) }),
          )
        }),
      ),
    enforced: async subscriber => {
      const perDriver: Record<string, readonly string[]> = {}
      for (const driver of parts.routers) {
        const held = await driver.list(subscriber).catch(error => wordsOf(error))
        // What is written of the line stands beside it; where nothing is, something may be there all the same.
        const failure = driver.failure?.()
        const unknown = failure === undefined ? [] : [`NOT CONFIRMED: ${failure}`]
        perDriver[driver.name] =
          typeof held === 'string' ? [held] : held.length > 0 ? held.map(standingText) : unknown
      }
      return perDriver
    },
  }
}

type Lists = Pick<Reading, 'incidentPage' | 'audit' | 'leasesOf' | 'queue' | 'subscribers'>

/** Pages. Where one ends is text that only the list itself understands; another text is an error. */
function lists({ cases, audit, customers, leaseRows, spool, subscribers }: ReadingParts): Lists {
  return {
    incidentPage: async (filter, { limit, after }) => {
      const [, openedAt, id = ''] = placeIn(after, /^(\d{1,16})\.(.+)$/)
      const behind = openedAt === undefined ? {} : { after: { openedAt: Number(openedAt), id } }
      const found = await cases.incidents({ ...filter, ...behind, limit: limit + 1 })
      const total = await cases.countIncidents(filter)
      return pageOf(found, { limit, total, placeOf: one => `${one.openedAt}.${one.id}` })
    },
    audit: async (filter, { limit, after }) => {
      const [before] = placeIn(after, /^\d{1,16}$/)
      const from = before === undefined ? undefined : Number(before)
      const found = await audit.list(limit + 1, from, filter)
      return pageOf(found, { limit, placeOf: row => String(row.n) })
    },
    leasesOf: async (of, { limit, after }) => {
      const [, from, firstPort, realm = '', prefix = '', session = '', subscriber = ''] = placeIn(
        after,
        /^(\d{1,16})\.(\d{1,5})\|([^|]*)\|([^|]*)\|([^|]*)\|(.*)$/su,
      )
      const found = await leaseRows.listLeases({
        limit: limit + 1,
        ...(of ? { of: { realm: of.realm, prefixes: prefixesOf(of.address) } } : {}),
        ...(from === undefined
          ? {}
          : {
              after: {
                from: Number(from),
                firstPort: Number(firstPort),
                realm,
                prefix,
                session: decodeURIComponent(session),
                subscriber,
              },
            }),
      })
      return pageOf(found, {
        limit,
        placeOf: one =>
          `${one.from}.${one.ports?.[0] ?? 0}|${one.realm}|${one.prefix}|${encodeURIComponent(sessionText(one))}|${one.subscriber}`,
      })
    },
    queue: async (filter, { limit, after }) => {
      const [, due, message = '', recipient = ''] = placeIn(after, /^(\d{1,16})\/([^/]+)\/(.*)$/su)
      const behind = due === undefined ? {} : { after: { due: Number(due), message, recipient } }
      const found = await spool.list({ ...filter, ...behind, limit: limit + 1 })
      return pageOf(found, { limit, placeOf: row => `${row.due}/${row.message}/${row.recipient}` })
    },
    subscribers: async ({ limit, after }) => {
      const found = await customers.subscribers({
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const marked = await withShared(found, customers)
      return pageOf(marked, { limit, total: subscribers.count(), placeOf: one => one.id })
    },
  }
}

/** Each with its addresses that others have, too: rare, and one question for the page. */
async function withShared(
  page: readonly Subscriber[],
  customers: ReadingParts['customers'],
): Promise<readonly ListedSubscriber[]> {
  const shared = await customers.addressesOfMany({ limit: 1000, of: page.map(one => one.id) })
  if (shared.length === 0) return page
  return page.map(one => {
    const mine = shared.flatMap(({ address, customers: all }) =>
      all.includes(one.id) ? { address, others: all.filter(id => id !== one.id) } : [],
    )
    return mine.length === 0 ? one : { ...one, shared: mine }
  })
}

function placeIn(after: string | undefined, pattern: RegExp): readonly (string | undefined)[] {
  if (after === undefined) return []
  const found = pattern.exec(after)
  if (!found) throw new NoSuchPlace()
  return found
}

/** No customer has more than a /8. */
const WIDEST = 8

/** All that an address may be leased as part of, the most specific first. */
function prefixesOf(address: string): readonly string[] {
  const bits = parseIp(address)?.family === 4 ? 32 : 128
  return Array.from({ length: bits - WIDEST + 1 }, (_, i) => bits - i).flatMap(length => {
    const prefix = parsePrefix(`${address}/${length}`)
    return prefix ? [formatPrefix(prefix)] : []
  })
}

type WhoParts = Pick<ReadingParts, 'leaseRows' | 'skew' | 'shared'> & {
  readonly leases: Pick<ReadingParts['leases'], 'isDoubtful' | 'holder'>
}
type Then = WhoAsked & { readonly at: number }

/** Now: as the doors have it, whatever the clock said when a lease began. Then: an address that is shared by arithmetic is the one inside. */
async function whoHad(parts: WhoParts, { at, ...asked }: WhoAsked): Promise<Holder> {
  if (at === undefined) return parts.leases.holder(asked.realm, asked.address, asked.port)
  const inside = insideOf(parts.shared, { ...asked, port: asked.port })
  if (inside === 'shared') return { sure: 'ambiguous' }
  return holderOf(parts, { ...(inside ?? asked), at })
}

/** The most specific prefix that a customer held gives the holder. */
async function holderOf(parts: WhoParts, { realm, address, port, at }: Then): Promise<Holder> {
  const ip = parseIp(address)
  if (!ip) return { sure: 'unknown' }
  const prefixes = prefixesOf(address)
  const all = await parts.leaseRows.holders(realm, prefixes, at)
  // Not all were read: another holder among the rest may have had it, too.
  if (all.length > MAX_HOLDERS) return { sure: 'ambiguous' }
  for (const prefix of prefixes) {
    const mine = all.filter(lease => lease.prefix === prefix)
    const holder = holderAmong(mine, { port, at, skew: parts.skew })
    if (holder.sure !== 'unknown') return unlessDoubtful(parts, holder, at)
  }
  return { sure: 'unknown' }
}

/** Its access server may be silent; and ports behind a NAT are those of the holder of the inside address then. */
async function unlessDoubtful(parts: WhoParts, holder: Holder, at: number): Promise<Holder> {
  const { lease } = holder
  if (!lease) return holder
  if (isStranger(lease)) return { sure: 'unknown' }
  if (lease.to === undefined && parts.leases.isDoubtful(lease)) return { sure: 'ambiguous' }
  if (!lease.inside) return holder
  const behind = await holderOf(parts, { ...lease.inside, at })
  return behind.sure === 'certain' && behind.subscriber === lease.subscriber
    ? holder
    : { sure: 'ambiguous' }
}
