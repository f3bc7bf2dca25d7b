import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../model/duration.ts'
import { connectionCaps } from './connection-caps.ts'

const WIDE = { total: 100, perAddress: 100, perMinute: 100 }

test('in all, and from one address; who leaves makes room', () => {
  const caps = connectionCaps({ ...WIDE, total: 3, perAddress: 2 }, () => 0)
  assert.deepEqual(
    ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3'].map(caps.enter),
    [true, true, false, true, false],
  )
  assert.equal(caps.open, 3)
  caps.leave('192.0.2.1')
  assert.equal(caps.enter('192.0.2.3'), true)
})

test('a whole IPv6 /64 is one address, the next one is another', () => {
  const caps = connectionCaps({ ...WIDE, perAddress: 1 }, () => 0)
  assert.equal(caps.enter('2001:db8:0:1::1'), true)
  assert.equal(caps.enter('2001:db8:0:1:ffff::2'), false)
  assert.equal(caps.enter('2001:db8:0:2::1'), true)
  caps.leave('2001:db8:0:1::9')
  assert.equal(caps.enter('2001:db8:0:1:ffff::2'), true)
})

test('so many in a minute, however short each of them is', () => {
  let now = 0
  const caps = connectionCaps({ ...WIDE, perMinute: 3 }, () => now)
  const knock = () => {
    const entered = caps.enter('192.0.2.1')
    if (entered) caps.leave('192.0.2.1')
    return entered
  }
  assert.deepEqual([knock(), knock(), knock(), knock()], [true, true, true, false])
  assert.equal(caps.enter('192.0.2.2'), true)
  now = MINUTE
  assert.equal(knock(), true)
})
