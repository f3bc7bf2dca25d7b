import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { contains, formatIp, formatPrefix, type Ip, parsePrefix } from '../../model/ip.ts'
import { memoryLeases } from './leases-memory.ts'

const home = { realm: 'main', prefix: '192.0.2.7/32', subscriber: 'anna', from: 0 }

test('an address belongs to the subscriber that has it now, and belonged to the subscriber that had it then', () => {
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

test('the narrowest prefix around an address says whose it is, in both families', () => {
  // Few enough addresses that they often lie in each other.
  const ip = fc.oneof(
    fc.nat(300).map((n): Ip => ({ family: 4, value: BigInt(0xc633_6400 + n) })),
    fc.nat(300).map((n): Ip => ({ family: 6, value: (0x2001_0db8n << 96n) + BigInt(n) })),
  )
  const prefix = fc
    .tuple(ip, fc.nat(9))
    .map(([one, wider]) => parsePrefix(`${formatIp(one)}/${(one.family === 4 ? 32 : 128) - wider}`))
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 30 }), fc.array(ip), (prefixes, asked) => {
      const given = new Map(prefixes.flatMap(one => (one ? [[formatPrefix(one), one]] : [])))
      const leases = memoryLeases(
        [...given.keys()].map(text => ({ realm: 'main', prefix: text, subscriber: text, from: 0 })),
      )
      assert.deepEqual(new Set([...leases.all()].map(lease => lease.prefix)), new Set(given.keys()))
      for (const one of asked) {
        const around = [...given].filter(([, wide]) => contains(wide, one))
        const [narrowest] = around.toSorted(([, a], [, b]) => b.bits - a.bits)
        assert.equal(leases.holder('main', formatIp(one), 1).subscriber, narrowest?.[0])
      }
    }),
  )
})

test('no subscriber has what is no address', () => {
  const leases = memoryLeases([home, { ...home, prefix: '2001:db8:17::/56' }])
  for (const text of [
    '',
    'unknown',
    '7',
    '192.0.2.263',
    '192.0.2.7.0',
    '0.192.0.2.7',
    '2001:db8:17',
  ])
    assert.equal(leases.holder('main', text, 1).sure, 'unknown', text)
})

test('after our clock went back a day, an address that changes hands does, and late news stays late', () => {
  const [day, today] = [86_400_000, 10 * 86_400_000]
  let now = today + day
  const leases = memoryLeases([], 0, () => now)
  leases.open({ ...home, from: now })
  now = today
  const changed = leases.open({ ...home, subscriber: 'bert', from: now })
  assert.deepEqual(changed, [
    { ...home, from: today + day, to: today },
    { ...home, subscriber: 'bert', from: today },
  ])
  assert.equal(leases.holder('main', '192.0.2.7', 1).subscriber, 'bert')
  assert.equal(leases.holderAt('main', '192.0.2.7', 1, today).subscriber, 'bert')
  assert.equal(leases.holderAt('main', '192.0.2.7', 1, today + day).subscriber, 'bert')
  assert.deepEqual(leases.current('anna'), [])
  assert.deepEqual(
    leases.current('bert').map(one => one.prefix),
    ['192.0.2.7/32'],
  )
  now = today + 2 * day
  leases.open({ ...home, subscriber: 'carl', from: now })
  now = today
  const late = leases.open({ ...home, subscriber: 'dora', from: today - day })
  assert.deepEqual(late, [{ ...home, subscriber: 'dora', from: today - day, to: today }])
  assert.equal(leases.holder('main', '192.0.2.7', 1).subscriber, 'carl')
})

test('addresses that all end alike, each in a network of its own, cost no more than others', () => {
  const leases = memoryLeases()
  const address = (i: number) => `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}::1`
  const began = performance.now()
  for (let i = 0; i < 20_000; i++)
    leases.open({ realm: 'main', prefix: `${address(i)}/128`, subscriber: `c${i}`, from: 0 })
  assert.equal(leases.holder('main', address(7777), undefined).subscriber, 'c7777')
  assert.ok(performance.now() - began < 3000, 'it took 18 seconds')
})
