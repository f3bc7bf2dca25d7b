// A list over real leases, of customers whose line is isolated or not: for tests of which address is listed.

import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { type ListSettings, PublishedList } from '../../src/engine/network/published-list.ts'
import type { Decision } from '../../src/model/decision.ts'
import { DAY } from '../../src/model/duration.ts'
import { lineOf, type Subject, subjectName } from '../../src/model/evidence.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'

const AT = Date.UTC(2026, 10, 28)

export function listedLines(settings: Partial<ListSettings> = {}) {
  const leases = memoryLeases([], 0, () => AT)
  const isolated = new Map<Subject, Decision>()
  const list = new PublishedList(
    {
      realm: 'main',
      privateAddresses: false,
      consumers: [],
      domains: [],
      widest: () => 2 ** 24,
      ...settings,
    },
    {
      cases: {
        inForce: subject => [isolated.get(subject) ?? []].flat(),
        open: () => undefined,
        allInForce: () => [...isolated.values()],
      },
      leases,
      subscribers: { get: customer, all: () => [] },
      note: () => undefined,
      now: () => AT,
      secret: 'test',
    },
  )
  const isolate = (id: string) => {
    const subject = lineOf(id)
    const { kind, by } = { kind: 'isolate', by: 'evidence' } as const
    isolated.set(subject, { id, incident: id, subject, kind, by, at: AT, until: AT + DAY })
  }
  return {
    list,
    isolate: (id: string) => {
      isolate(id)
      list.refresh(id)
    },
    /** As a start finds it. */
    isolateUnseen: isolate,
    release: (id: string) => {
      isolated.delete(lineOf(id))
      list.refresh(id)
    },
    lease: (subscriber: string, prefix: string, more: Partial<Lease> = {}) => {
      const moved = leases.open({ realm: 'main', prefix, subscriber, from: AT - DAY, ...more })
      for (const one of moved) list.refresh(one.subscriber)
    },
    end: (subscriber: string, prefix: string, more: Partial<Lease> = {}) => {
      leases.close({ realm: 'main', prefix, subscriber, from: AT - DAY, ...more }, AT)
      list.refresh(subscriber)
    },
    /** Prefix of the entry that lists it. */
    of: (address: string) => list.check(address)?.listed?.prefix,
  }
}

const customer = (id: string): Subscriber => ({
  id: subjectName(lineOf(id)),
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})
