// A customer that a feed no longer has: their addresses are nobody's from that moment on. A feed without customers is a mistake.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { takeFeed } from '../../src/engine/orders/take-feed.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'

const AT = Date.UTC(2026, 5, 1)
const customer = (id: string): Subscriber => ({
  id,
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})
const [anna, bert] = [customer('anna'), customer('bert')]

function house() {
  const subscribers = memorySubscribers([anna, bert])
  const leases = memoryLeases([
    { realm: 'main', prefix: '192.0.2.7/32', subscriber: 'anna', from: AT - 1000 },
    { realm: 'main', prefix: '192.0.2.8/32', subscriber: 'bert', from: AT - 1000 },
  ])
  const parts: Parameters<typeof takeFeed>[0] = {
    subscribers,
    leases,
    moveLeases: async changes => {
      for (const { lease } of changes) leases.close(lease, lease.to ?? AT)
    },
    takeOver: async ({ changed, gone }) => {
      const rest = [...subscribers.all()].filter(one => !gone.includes(one.id))
      subscribers.replace([...rest, ...changed])
    },
  }
  const feed = (given: readonly Subscriber[], more: { dryRun?: boolean; force?: boolean } = {}) =>
    takeFeed(parts, {
      order: { kind: 'take-feed', subscribers: given, keep: [], ...more },
      actor: { kind: 'chore', name: 'subscriber feed' },
      at: AT,
    })
  const holder = (address: string, at?: number) =>
    at === undefined
      ? leases.holder('main', address, undefined)
      : leases.holderAt('main', address, undefined, at)
  return { feed, holder, subscribers }
}

test('who is gone has no address any more, and had one before', async () => {
  const { feed, holder } = house()
  assert.equal(
    (await feed([bert], { dryRun: true })).text,
    'Would be: 0 new, 0 changed (0 plans), 1 gone.',
  )
  assert.equal(holder('192.0.2.7').sure, 'certain')
  assert.equal((await feed([bert])).done, true)
  assert.equal(holder('192.0.2.7').sure, 'unknown')
  assert.equal(holder('192.0.2.7', AT - 500).subscriber, 'anna')
  assert.equal(holder('192.0.2.8').subscriber, 'bert')
})

test('a feed without customers is a mistake in a small house, too', async () => {
  const { feed, holder, subscribers } = house()
  const { done, text } = await feed([])
  assert.equal(done, false)
  assert.match(text, /no customers at all.*Nothing was changed.*--force/)
  assert.equal(subscribers.count(), 2)
  assert.equal((await feed([], { force: true })).done, true)
  assert.equal(subscribers.count(), 0)
  assert.equal(holder('192.0.2.8').sure, 'unknown')
})
