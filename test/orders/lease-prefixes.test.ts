// One rule for the prefix of a lease, whichever way it comes in: its first address, and no wider than a customer's network can be.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../src/config/load.ts'
import { leasePrefix } from '../../src/model/lease-prefix.ts'
import { importLeases } from '../../src/orders/contract/import-leases.ts'
import { parseFields } from '../../src/orders/parse-order.ts'
import { columnsOf, parseRow } from '../../src/sensors/kea/lease-rows.ts'

const WRONG = ['0.0.0.0/0', '::/0', '0.0.0.0/2', '2000::/3', '10.0.0.0/7', '2001::/15', '::/8']
const HOST_BITS = ['10.9.9.9/2', '203.0.113.7/24', '2001:db8::1/56']
const RIGHT = ['10.0.0.0/8', '203.0.113.7', '203.0.113.7/32', '2001::/16', '2001:db8:17::/56']

const lease = (prefix: string) => ({ realm: 'main', prefix, subscriber: '10017', from: 1 })
const problemOf = (kind: string, fields: unknown) => {
  const parsed = parseFields(kind, fields)
  return 'problem' in parsed ? parsed.problem : undefined
}

test('by an order', () => {
  for (const prefix of [...WRONG, ...HOST_BITS])
    for (const [kind, fields] of [
      ['open-lease', { lease: lease(prefix) }],
      ['import-leases', { leases: [lease('192.0.2.1'), lease(prefix)] }],
    ] as const) {
      const { field, message } = problemOf(kind, fields) ?? assert.fail(`${kind} ${prefix}`)
      assert.match(field ?? '', /prefix$/)
      assert.ok(message.includes(`${prefix} is `), message)
      assert.match(message, /too wide for one customer|behind its length nothing/)
    }
  for (const prefix of RIGHT)
    assert.equal(problemOf('open-lease', { lease: lease(prefix) }), undefined, prefix)
})

test('a wide one that an earlier Cordon took can be ended', () => {
  assert.equal(problemOf('close-lease', { lease: lease('0.0.0.0/0') }), undefined)
})

test('an import stands in the audit log with its first leases', () => {
  const leases = Array.from({ length: 300 }, (_, i) => lease(`192.0.2.${i & 255}/32`))
  const { leases: written } = importLeases.censor({ leases })
  assert.deepEqual(written, leases.slice(0, 20))
})

test('an address space has no spaces in its name', () => {
  const problem = problemOf('open-lease', { lease: { ...lease('192.0.2.1'), realm: 'x y' } })
  assert.match(problem?.message ?? '', /without spaces/)
})

test('by the configuration', () => {
  const read = (prefix: string) =>
    parseConfig(
      `domains: [isp.example]\nsubscribers: [{ id: "1" }]\nleases: [{ prefix: "${prefix}", subscriber: "1" }]\n`,
    )
  for (const prefix of [...WRONG, ...HOST_BITS]) assert.throws(() => read(prefix), /prefix/, prefix)
  for (const prefix of RIGHT) {
    const found = leasePrefix(prefix)
    assert.ok('prefix' in found)
    assert.equal(read(prefix).leases[0]?.prefix, found.prefix)
  }
})

test('by Kea', () => {
  const columns = columnsOf('address,duid,valid_lifetime,expire,lease_type,prefix_len,state')
  assert.ok(columns)
  const row = (bits: number) => parseRow(`2001:db8::,01:02,600,1780000600,2,${bits},0`, columns)
  assert.equal(row(56)?.prefix, '2001:db8::/56')
  for (const bits of [0, 3, 15]) assert.equal(row(bits), undefined)
})
