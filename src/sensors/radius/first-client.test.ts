// Two clients tell of one address of an access server: which of them told first is kept. By that go the names of both, their clocks, and when each
// was heard and began anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { MINUTE, SECOND } from '../../model/duration.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 29)
const NAS = '192.0.2.9'
const [FIRST, OTHER] = ['192.0.2.1', '192.0.2.2'] as const

/** What outlives a restart: leases, and records of access servers. */
type KeptRecords = {
  readonly anew: Map<string, number>
  readonly first: Map<string, string>
}

function network(
  leases = memoryLeases(),
  kept: KeptRecords = { anew: new Map(), first: new Map() },
) {
  const sessions = new AccountingSessions({
    interim: 10 * MINUTE,
    subscriberOf: name => name,
    ...lookupsOf(leases),
    anewOf: nas => kept.anew.get(nas),
    noteAnew: (nas, at) => void kept.anew.set(nas, at),
    firstOf: nas => kept.first.get(nas),
    noteFirst: (nas, teller) => void kept.first.set(nas, teller),
  })
  sessions.restore(leases.all(), AT)
  const tell = (status: SessionNews['status'], teller: string, at: number, customer = 'kd2') => {
    const user = status === 'nas-on' ? '' : customer
    const named = { nas: NAS, teller, session: user, user, subscriber: user }
    const framed = user ? [{ prefix: '198.51.100.2/32', kind: 'address4' as const }] : []
    const news = { status, ...named, realm: 'main', framed, at: AT + at, stamp: AT + at }
    for (const { kind, lease } of sessions.hear(news, AT + at))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const who = () => leases.holder('main', '198.51.100.2', undefined).subscriber
  const names = () => [FIRST, OTHER].map(teller => sessions.clockOf({ nas: NAS, teller }, AT))
  const restart = (left = leases.all()) => network(memoryLeases(left), kept)
  return { tell, who, names, restart }
}

const NAMES = [NAS, `${NAS} ${OTHER}`]

test('the client that told first is the first after a restart, also when the other has all the leases', () => {
  const before = network()
  before.tell('nas-on', FIRST, 0)
  before.tell('start', OTHER, SECOND)
  assert.deepEqual(before.names(), NAMES)
  assert.deepEqual(before.restart().names(), NAMES)
  assert.deepEqual(before.restart().restart([]).names(), NAMES)
  // Nor is the first when the other is heard before it.
  const anew = before.restart([])
  anew.tell('start', OTHER, MINUTE)
  assert.deepEqual(anew.names(), NAMES)
})

test('that the first began anew makes nothing of the other old after a restart', () => {
  const before = network()
  before.tell('nas-on', FIRST, 0)
  before.tell('start', OTHER, SECOND)
  before.tell('nas-on', FIRST, 10 * MINUTE)
  const anew = before.restart()
  // Under way while Cordon started.
  anew.tell('start', OTHER, 9 * MINUTE, 'kd3')
  assert.equal(anew.who(), 'kd3')
})
