import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePrefix, type Prefix } from './ip.ts'
import { type DeterministicMap, insideOf, outsideOf, usersEach } from './shared-address.ts'

const prefix = (text: string) => parsePrefix(text) as Prefix
const MAP: DeterministicMap = {
  realm: 'main',
  insideRealm: 'bng1',
  inside: prefix('100.64.0.0/24'),
  outside: [prefix('203.0.113.8/30'), prefix('203.0.113.32/32')],
  firstPort: 1024,
  lastPort: 65_535,
  portsEach: 1000,
}
const who = (address: string, port?: number) => insideOf([MAP], { realm: 'main', address, port })

test('by arithmetic: sixty-four homes an address, a thousand ports each', () => {
  assert.equal(usersEach(MAP), 64)
  assert.deepEqual(who('203.0.113.8', 1024), { realm: 'bng1', address: '100.64.0.0' })
  assert.deepEqual(who('203.0.113.8', 2023), { realm: 'bng1', address: '100.64.0.0' })
  assert.deepEqual(who('203.0.113.8', 2024), { realm: 'bng1', address: '100.64.0.1' })
  assert.deepEqual(who('203.0.113.9', 1024), { realm: 'bng1', address: '100.64.0.64' })
})

test('without a port, with a port of no home, or beyond the last home it is shared; elsewhere nothing is known', () => {
  assert.equal(who('203.0.113.8'), 'shared')
  assert.equal(who('203.0.113.8', 80), 'shared')
  assert.equal(who('203.0.113.8', 65_500), 'shared')
  assert.equal(who('203.0.113.32', 1024), 'shared')
  assert.equal(who('203.0.113.12', 1024), undefined)
  assert.equal(insideOf([MAP], { realm: 'other', address: '203.0.113.8', port: 1024 }), undefined)
})

test('there and back, for every home', () => {
  for (let i = 0; i < 256; i++) {
    const address = `100.64.0.${i}`
    const outside = outsideOf(MAP, address)
    assert.ok(outside)
    for (const port of outside.ports)
      assert.deepEqual(who(outside.address, port), { realm: 'bng1', address })
  }
  assert.equal(outsideOf(MAP, '100.64.1.0'), undefined)
})
