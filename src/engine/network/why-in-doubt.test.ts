import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { SECOND } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import { whyInDoubt } from './why-in-doubt.ts'

const AT = Date.UTC(2026, 10, 28, 12)
const lease: Lease = {
  realm: 'main',
  prefix: '192.0.2.1/32',
  subscriber: 'kd1',
  from: AT,
  doubtFrom: AT + 40 * SECOND,
  session: { nas: '192.0.2.41', id: '1', user: 'kd1' },
}

test('of a Stop of its own session that is older than its news it is said so, and not that another one named the address', () => {
  const words = whyInDoubt(memoryLeases(), { ...lease, leftBy: AT + 44 * SECOND })
  assert.match(words, /^a Stop of its own session came at 2026-11-28T12:00:44Z/)
  assert.match(whyInDoubt(memoryLeases(), lease), /^a Stop of another session/)
})
