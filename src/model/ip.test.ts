import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalIp, contains, maskIp, parseIp, parsePrefix, sourceOf } from './ip.ts'

test('addresses have one spelling', () => {
  const cases: [string, string | undefined][] = [
    ['203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['0x7f.1', undefined],
    ['010.0.0.1', undefined],
    ['256.0.0.1', undefined],
    ['1::2::3', undefined],
    ['2001:db8', undefined],
    ['', undefined],
  ]
  for (const [text, want] of cases) assert.equal(canonicalIp(text), want, text)
})

test('a prefix holds its own addresses and no others', () => {
  const home = parsePrefix('2001:db8:17::/48')
  const inside = parseIp('2001:db8:17:ffff::9')
  const outside = parseIp('2001:db8:18::9')
  const other = parseIp('192.0.2.1')
  assert.ok(home && inside && outside && other)
  assert.equal(contains(home, inside), true)
  assert.equal(contains(home, outside), false)
  assert.equal(contains(home, other), false)
  assert.equal(parsePrefix('192.0.2.0/33'), undefined)
})

test('networks are masked for counting', () => {
  assert.equal(maskIp('192.0.2.77'), '192.0.2.0/24')
  assert.equal(maskIp('2001:db8:1:2:3::4'), '2001:db8:1::/48')
  assert.equal(maskIp('192.0.2.77', 32), '192.0.2.77/32')
})

test('a source is what one client can change by itself', () => {
  assert.equal(sourceOf('192.0.2.77'), '192.0.2.77')
  assert.equal(sourceOf('::ffff:192.0.2.77'), '192.0.2.77')
  assert.equal(sourceOf('2001:db8:1:2:3::4'), '2001:db8:1:2::/64')
})
