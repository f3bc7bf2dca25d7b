// After a restart an update ends of its session what it names another of, and nothing else: which attribute each address came from is kept
// with its lease. Leases pass through JSON, as the ledger has them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import type { AddressKind, Lease } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 29)
const MINUTE = 60_000

type FramedPairs = readonly (readonly [kind: AddressKind, prefix: string])[]

function network(before: readonly Lease[] = []) {
  const leases = memoryLeases(before)
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => name,
    ...lookupsOf(leases),
  })
  sessions.restore(leases.all(), AT)
  let changes = 0
  const hear = (status: SessionNews['status'], at: number, all: FramedPairs) => {
    const framed = all.map(([kind, prefix]) => ({ kind, prefix }))
    const named = { nas: '192.0.2.1', session: 's1', user: 'kd1', subscriber: 'kd1' }
    const news = { status, ...named, realm: 'main', framed, at: AT + at }
    for (const { kind, lease } of sessions.hear(news, AT + at)) {
      changes++
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
    }
  }
  const restart = (change: (lease: Lease) => Lease = lease => lease) => {
    const kept = JSON.parse(JSON.stringify([...leases.all()])) as Lease[]
    return network(kept.map(change))
  }
  const open = () => [...new Set(leases.current('kd1').map(({ prefix }) => prefix))].toSorted()
  return { hear, restart, open, changes: () => changes }
}

const ADDRESS: FramedPairs = [['address4', '198.51.100.1/32']]
const LINK: FramedPairs = [['prefix6', '2001:db8:1:1::/64']]

for (const [words, named, also] of [
  ['an address by Framed-Route', ADDRESS, ['route4', '198.51.100.9/32']],
  ['a network by Framed-Route', ADDRESS, ['route4', '198.51.100.16/29']],
  ['a network by Framed-IPv6-Route', LINK, ['route6', '2001:db8:9::/48']],
  ['an address by Framed-IPv6-Route', LINK, ['route6', '2001:db8:9::1/128']],
  ['a /64 that is delegated', LINK, ['delegated6', '2001:db8:9:9::/64']],
  [
    'a /56 by Framed-IPv6-Prefix',
    [['delegated6', '2001:db8:1::/56']],
    ['prefix6', '2001:db8:9::/56'],
  ],
] as const)
  test(`${words} stands after a restart when an update names other attributes only`, () => {
    const before = network()
    before.hear('start', 0, [...named, also])
    // Twice: what was learned after the first restart is kept, too.
    const first = before.restart()
    first.hear('interim', MINUTE, named)
    assert.equal(first.changes(), 0)
    const anew = first.restart()
    anew.hear('interim', 2 * MINUTE, named)
    assert.deepEqual(anew.open(), [also[1], ...named.map(([, prefix]) => prefix)].toSorted())
  })

test('a delegated /64 that is renumbered after a restart ends the one before', () => {
  const before = network()
  before.hear('start', 0, [...LINK, ['delegated6', '2001:db8:8:8::/64']])
  const anew = before.restart()
  anew.hear('interim', MINUTE, [...LINK, ['delegated6', '2001:db8:9:9::/64']])
  assert.deepEqual(anew.open(), ['2001:db8:1:1::/64', '2001:db8:9:9::/64'])
})

const LEASE_OF_BEFORE = ({ framed: _framed, ...lease }: Lease): Lease => lease

test('a lease of an earlier Cordon, which kept no attributes, is ended by no update that does not name it, until one has', () => {
  const before = network()
  const route = ['route4', '198.51.100.9/32'] as const
  before.hear('start', 0, [...ADDRESS, route])
  const anew = before.restart(LEASE_OF_BEFORE)
  anew.hear('interim', MINUTE, ADDRESS)
  assert.deepEqual(anew.open(), ['198.51.100.1/32', '198.51.100.9/32'])
  // It is known by now which of both was the address.
  anew.hear('interim', 2 * MINUTE, [['address4', '198.51.100.2/32']])
  assert.deepEqual(anew.open(), ['198.51.100.2/32', '198.51.100.9/32'])
  anew.hear('stop', 3 * MINUTE, [['address4', '198.51.100.2/32']])
  assert.deepEqual(anew.open(), [])
})

test('of a lease of an earlier Cordon an update that names it says the attribute, also after the next restart', () => {
  const delegated = ['delegated6', '2001:db8:8:8::/64'] as const
  const before = network()
  before.hear('start', 0, [delegated])
  const told = before.restart(LEASE_OF_BEFORE)
  told.hear('interim', MINUTE, [delegated])
  const anew = told.restart()
  anew.hear('interim', 2 * MINUTE, [...LINK, ['delegated6', '2001:db8:9:9::/64']])
  assert.deepEqual(anew.open(), ['2001:db8:1:1::/64', '2001:db8:9:9::/64'])
})
