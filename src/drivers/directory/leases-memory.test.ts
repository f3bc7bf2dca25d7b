import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from './leases-memory.ts'

const home = { realm: 'main', prefix: '192.0.2.7/32', subscriber: 'anna', from: 0 }

test('an address belongs to whoever has it now, and belonged to whoever had it then', () => {
  const leases = memoryLeases([home])
  leases.open({ ...home, subscriber: 'bert', from: 1000 })
  assert.equal(leases.holder('main', '192.0.2.7', 4000).subscriber, 'bert')
  assert.equal(leases.holderAt('main', '192.0.2.7', 4000, 999).subscriber, 'anna')
  assert.deepEqual(leases.current('anna'), [])
  assert.equal(leases.holder('other', '192.0.2.7', 4000).sure, 'unknown')
})

test('a shared address without a port is ambiguous', () => {
  const leases = memoryLeases([
    { ...home, ports: [1024, 32767] as const },
    { ...home, ports: [32768, 65535] as const, subscriber: 'bert' },
  ])
  assert.equal(leases.holder('main', '192.0.2.7', 40000).subscriber, 'bert')
  assert.equal(leases.holder('main', '192.0.2.7', undefined).sure, 'ambiguous')
  assert.equal(leases.holder('main', '192.0.2.7', 80).sure, 'ambiguous')
})

test('every address of a delegated prefix is the same home', () => {
  const leases = memoryLeases([{ ...home, prefix: '2001:db8:17::/56' }])
  assert.equal(leases.holder('main', '2001:db8:17:ff::1', 1).subscriber, 'anna')
  assert.equal(leases.holder('main', '2001:db8:17:100::1', 1).sure, 'unknown')
  leases.close({ ...home, prefix: '2001:db8:17::/56' }, 5)
  assert.equal(leases.holder('main', '2001:db8:17:ff::1', 1).sure, 'unknown')
})
