import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../counters/memory.ts'
import { areStoresSlow, slowCounters } from './slow-stores.ts'

test('slow stores are for tests alone', () => {
  assert.equal(areStoresSlow({}), false)
  assert.equal(areStoresSlow({ CORDON_STORES: 'slow', NODE_TEST_CONTEXT: 'child-v8' }), true)
  assert.throws(() => areStoresSlow({ CORDON_STORES: 'slow' }), /is for tests/)
})

test('calls come late, in their order', async () => {
  const memory = new MemoryCounters()
  const order: number[] = []
  const counters = slowCounters({
    apply: batch => {
      order.push(batch.at)
      return memory.apply(batch)
    },
  })
  const calls = Array.from({ length: 20 }, async (_, at) =>
    counters.apply({ at, mode: 'take', ops: [{ op: 'mark', key: 'k', ttl: 1000 }] }),
  )
  assert.deepEqual(order, [])
  await Promise.all(calls)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  )
})
