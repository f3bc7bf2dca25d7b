import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holderAmong, type Lease } from './lease.ts'

const lease = (subscriber: string, from: number, to?: number, ports?: [number, number]): Lease => ({
  realm: 'main',
  prefix: '192.0.2.7/32',
  subscriber,
  from,
  ...(to === undefined ? {} : { to }),
  ...(ports ? { ports } : {}),
})

const asked = (leases: readonly Lease[], at: number, port?: number) => {
  const { sure, subscriber } = holderAmong(leases, { port, at, skew: 2 })
  return subscriber === undefined ? sure : `${subscriber} ${sure}`
}

test('close to a change of hands it may have been either', () => {
  const leases = [lease('anna', 0, 100), lease('bert', 101)]
  assert.equal(asked(leases, 50), 'anna certain')
  assert.equal(asked(leases, 98), 'anna certain')
  for (const at of [99, 100, 101]) assert.equal(asked(leases, at), 'ambiguous', String(at))
  assert.equal(asked(leases, 102), 'bert certain')
})

test('close to a beginning or an end with no holder on the other side', () => {
  const leases = [lease('anna', 10, 100)]
  assert.equal(asked(leases, 7), 'unknown')
  assert.equal(asked(leases, 9), 'ambiguous')
  assert.equal(asked(leases, 10), 'anna certain')
  assert.equal(asked(leases, 101), 'ambiguous')
  assert.equal(asked(leases, 102), 'unknown')
})

test('a subscriber that comes back is the same', () => {
  assert.equal(asked([lease('anna', 0, 100), lease('anna', 101)], 101), 'anna certain')
})

test('who told late may have waited or have a clock that was put back: it may have been either until then', () => {
  const leases = [
    { ...lease('anna', 0, 100), endedBy: 130 },
    { ...lease('bert', 105), begunBy: 135 },
  ]
  assert.equal(asked(leases, 98), 'anna certain')
  for (const at of [100, 103, 110, 131, 134])
    assert.equal(asked(leases, at), 'ambiguous', String(at))
  assert.equal(asked(leases, 135), 'bert certain')
  assert.equal(asked(leases.slice(0, 1), 131), 'ambiguous')
  assert.equal(asked(leases.slice(0, 1), 132), 'unknown')
})

test('a shared address: by port, and by nothing else', () => {
  const leases = [
    lease('anna', 0, undefined, [1024, 2047]),
    lease('bert', 0, undefined, [2048, 4095]),
  ]
  assert.equal(asked(leases, 50, 2000), 'anna certain')
  assert.equal(asked(leases, 50, 2048), 'bert certain')
  assert.equal(asked(leases, 50, 80), 'unknown')
  assert.equal(asked(leases, 50), 'ambiguous')
  // Also where only one of those behind it is known.
  assert.equal(asked(leases.slice(0, 1), 50), 'ambiguous')
})
