import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../drivers/directory/leases-memory.ts'
import type { Restriction } from '../model/decision.ts'
import type { NetworkControl } from '../ports/network-control.ts'
import { reading, type ReadingParts } from './reading.ts'

const entry = (subscriber: string): Restriction => ({
  realm: 'main',
  prefix: '203.0.113.7/32',
  subscriber,
  state: 'isolated',
  walledGarden: false,
})

test('what is enforced for one customer is asked for that customer, not fetched for all', async () => {
  const asked: (string | undefined)[] = []
  const router: NetworkControl = {
    name: 'edge1',
    fits: () => true,
    apply: async () => undefined,
    revoke: async () => undefined,
    list: async subscriber => {
      asked.push(subscriber)
      return subscriber === undefined ? [entry('anna'), entry('bert')] : [entry(subscriber)]
    },
  }
  const broken: NetworkControl = {
    ...router,
    name: 'edge2',
    list: () => Promise.reject('no route'),
  }
  const unknown: NetworkControl = {
    ...router,
    name: 'edge3',
    list: async () => [],
    failure: () => 'no table',
  }
  const parts = { routers: [router, broken, unknown] } as unknown as ReadingParts
  assert.deepEqual(await reading(parts).enforced('anna'), {
    edge1: ['203.0.113.7/32 isolated'],
    edge2: ['no route'],
    edge3: ['NOT CONFIRMED: no table'],
  })
  assert.deepEqual(asked, ['anna'])
})

test('who has an address now is answered as the doors are, also of a lease of a clock that went back', async () => {
  const [now, tomorrow] = [10 * 86_400_000, 11 * 86_400_000]
  const leases = memoryLeases(
    [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: tomorrow }],
    0,
    () => now,
  )
  const parts = {
    leases,
    leaseRows: { holders: async () => [] },
    shared: [],
    skew: 0,
  } as unknown as ReadingParts
  const asked = { realm: 'main', address: '203.0.113.7' }
  assert.deepEqual(
    await reading(parts).who(asked),
    leases.holder(asked.realm, asked.address, undefined),
  )
  assert.equal((await reading(parts).who(asked)).subscriber, 'anna')
  assert.equal((await reading(parts).who({ ...asked, at: now })).sure, 'unknown')
})
