// An address that a user has who is no customer: it is not given back, certain, to the customer who had it before.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { othersIn } from '../../engine/network/overlapping.ts'
import { SECOND } from '../../model/duration.ts'
import type { LeaseChange } from '../../model/lease.ts'
import type { SessionNews } from './accounting.ts'
import { AccountingSessions } from './sessions.ts'

const AT = Date.UTC(2026, 10, 27)
const HOME = '198.51.100.41/32'

function network(leases = memoryLeases()) {
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => (name.startsWith('kd') ? name : undefined),
    ...lookupsOf(leases),
  })
  sessions.restore(leases.all(), AT)
  const told = (
    status: SessionNews['status'],
    user: string,
    at: number,
    { late = 0, prefix = HOME } = {},
  ) => {
    const news: SessionNews = {
      status,
      nas: user === 'newcomer' ? 'bng2' : 'bng1',
      realm: 'main',
      session: user,
      user,
      subscriber: user,
      framed: [{ prefix, kind: prefix === HOME ? 'address4' : 'route4' }],
      at: AT + at,
      late,
      stamp: AT + at,
    }
    for (const { kind, lease } of sessions.hear(news, AT + at + late))
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const who = () => {
    const { sure, subscriber } = leases.holder('main', '198.51.100.41', undefined)
    return sure === 'certain' ? subscriber : sure
  }
  return { leases, told, who }
}

for (const isRestarted of [false, true])
  for (const [words, at, late] of [
    ['of before the stranger’s Start', 25 * SECOND, 6 * SECOND],
    ['of now', 40 * SECOND, 0],
  ] as const)
    test(`an update ${words} of the former customer is doubtful${isRestarted ? ', also after a restart' : ''}`, () => {
      const before = network()
      before.told('start', 'kd20', 0)
      before.told('interim', 'kd20', 20 * SECOND)
      before.told('start', 'newcomer', 30 * SECOND)
      assert.equal(before.who(), 'unknown')
      const { told, who } = isRestarted ? network(memoryLeases(before.leases.all())) : before
      told('interim', 'kd20', at, { late })
      assert.notEqual(who(), 'kd20')
      // Each is told of again: the customer's line is not closed meanwhile.
      told('interim', 'newcomer', 60 * SECOND)
      assert.notEqual(who(), 'kd20')
      told('interim', 'kd20', 70 * SECOND)
      assert.equal(who(), 'ambiguous')
      told('interim', 'kd20', 80 * SECOND)
      assert.equal(who(), 'kd20')
    })

test('a Start that is older than what the stranger told is doubtful; a newer one is certain, and an update after the stranger’s Stop', () => {
  const { told, who } = network()
  told('start', 'newcomer', 30 * SECOND)
  told('start', 'kd21', 20 * SECOND, { late: 15 * SECOND })
  assert.equal(who(), 'ambiguous')
  told('start', 'kd22', 40 * SECOND)
  assert.equal(who(), 'kd22')
  told('interim', 'newcomer', 50 * SECOND)
  assert.notEqual(who(), 'kd22')
  told('stop', 'newcomer', 60 * SECOND)
  told('interim', 'kd22', 70 * SECOND)
  assert.equal(who(), 'kd22')
})

test('what comes late of a stranger leaves the customer who has the address since in doubt', () => {
  const { told, who } = network()
  told('start', 'kd20', 20 * SECOND)
  told('start', 'newcomer', 10 * SECOND, { late: 11 * SECOND })
  assert.equal(who(), 'ambiguous')
  told('interim', 'kd20', 40 * SECOND)
  assert.equal(who(), 'kd20')
})

for (const [words, at] of [
  ['after', 10 * SECOND],
  ['before', -10 * SECOND],
] as const)
  test(`a user who is no customer, ${words} a customer’s prefix around the address began: that address is no customer’s, the others are`, () => {
    const wide = '198.51.100.40/29'
    const { leases, told, who } = network()
    if (at < 0) told('start', 'newcomer', at)
    told('start', 'kd20', 0, { prefix: wide })
    if (at > 0) told('start', 'newcomer', at)
    told('interim', 'kd20', 20 * SECOND, { prefix: wide })
    assert.notEqual(who(), 'kd20')
    assert.equal(leases.holder('main', '198.51.100.44', undefined).subscriber, 'kd20')
    assert.equal(leases.holder('main', '198.51.100.44', undefined).sure, 'certain')
    // So what is decided about kd20 is not put on the whole prefix.
    const [lease] = leases.current('kd20')
    assert.ok(lease && othersIn(leases, lease).length > 0)
    const anew = network(memoryLeases(leases.all()))
    assert.notEqual(anew.who(), 'kd20', 'after a restart')
    anew.told('stop', 'newcomer', 30 * SECOND)
    assert.equal(anew.who(), 'kd20')
    assert.equal(othersIn(anew.leases, lease).length, 0)
  })

test('a user who is a customer from now on has the address at once', () => {
  let customers = ['kd20']
  const leases = memoryLeases()
  const sessions = new AccountingSessions({
    interim: 0,
    subscriberOf: name => customers.find(one => one === name),
    ...lookupsOf(leases),
  })
  const changed = (all: readonly LeaseChange[]) => {
    for (const { kind, lease } of all)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
  }
  const news = { status: 'start', nas: 'bng1', realm: 'main', session: '1', at: AT } as const
  const framed = [{ prefix: HOME, kind: 'address4' }] as const
  changed(sessions.hear({ ...news, user: 'kd21', subscriber: 'kd21', framed }, AT))
  assert.equal(leases.holder('main', '198.51.100.41', undefined).sure, 'unknown')
  customers = ['kd20', 'kd21']
  changed(sessions.customersChanged(AT + SECOND))
  assert.equal(leases.holder('main', '198.51.100.41', undefined).subscriber, 'kd21')
})
