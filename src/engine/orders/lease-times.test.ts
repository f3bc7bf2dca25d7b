import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../../model/duration.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import { importLeases } from './import-leases.ts'
import { openLease } from './open-lease.ts'

const NOW = 1_800_000_000_000
const LEASE = { realm: 'main', prefix: '192.0.2.1/32', subscriber: 'anna', from: NOW }
const NO_NETWORK = { network: [], cases: { inForce: () => [] } }
const actor = { kind: 'staff', name: 'eve' } as const

async function told(given: Lease) {
  const moved: LeaseChange[] = []
  const parts = {
    subscribers: { get: () => ({ id: 'anna' }) } as never,
    ...NO_NETWORK,
    leases: {
      current: () => moved.map(({ lease }) => lease),
      taken: () => [],
      standing: () => [],
      within: () => [],
      around: () => [],
    },
    moveLeases: async (changes: Iterable<LeaseChange>) => void moved.push(...changes),
  }
  const one = { order: { kind: 'open-lease' as const, lease: given }, actor, at: NOW }
  const many = { order: { kind: 'import-leases' as const, leases: [given] }, actor, at: NOW }
  const outcomes = [await openLease(parts, one), await importLeases(parts, many)]
  return { outcomes, moved: moved.map(({ lease }) => lease) }
}

test('a lease that begins in the future is refused: it would take the address from who has it', async () => {
  // Milliseconds given twice, the last date there is, and one that ends after now.
  for (const wrong of [
    { ...LEASE, from: NOW * 1000 },
    { ...LEASE, from: 8.64e15 },
    { ...LEASE, from: NOW + HOUR + 1 },
    { ...LEASE, to: NOW + HOUR + 1 },
  ]) {
    const { outcomes, moved } = await told(wrong)
    for (const { done, text } of outcomes) {
      assert.equal(done, false)
      assert.match(
        text,
        /^192\.0\.2\.1\/32 of anna would (begin|end) in the future; nothing was done/,
      )
    }
    assert.deepEqual(moved, [])
  }
})

test('of a clock that is a little ahead the lease begins now, and one that has been is as it was', async () => {
  assert.deepEqual((await told({ ...LEASE, from: NOW + HOUR })).moved, [LEASE, LEASE])
  const past = { ...LEASE, from: 5, to: 6 }
  assert.deepEqual((await told(past)).moved, [past, past])
  const ahead = { ...LEASE, from: NOW + 5, to: NOW + 6 }
  assert.deepEqual((await told(ahead)).moved[0], { ...LEASE, to: NOW })
})

test('an answer does not say that an address belongs to a customer when another has had it since', async () => {
  const parts = {
    subscribers: { get: () => ({ id: 'anna' }) } as never,
    ...NO_NETWORK,
    leases: {
      current: () => [],
      taken: () => [],
      standing: () => [],
      within: () => [],
      around: () => [],
    },
    moveLeases: async () => undefined,
  }
  const order = { kind: 'open-lease' as const, lease: { ...LEASE, from: 0 } }
  assert.equal(
    (await openLease(parts, { order, actor, at: NOW })).text,
    '192.0.2.1/32 belonged to anna then; another customer has had it since.',
  )
})
