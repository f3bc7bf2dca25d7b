import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../model/duration.ts'
import { connectionCaps, type OpenCaps } from './connection-caps.ts'

const WIDE = { total: 100, perAddress: 100, perLine: 100, perMinute: 100 }
const from = (address: string) => ({ realm: 'main', address, port: 4000 })
const enters = (caps: OpenCaps, address: string) => caps.enter(from(address)) !== undefined

test('in all, and from one address; who leaves makes room, once', () => {
  const caps = connectionCaps({ ...WIDE, total: 3, perAddress: 2 })
  const leave = caps.enter(from('192.0.2.1'))
  assert.deepEqual(
    ['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.3'].map(address => enters(caps, address)),
    [true, false, true, false],
  )
  assert.equal(caps.open, 3)
  leave?.()
  leave?.()
  assert.equal(caps.open, 2)
  assert.equal(enters(caps, '192.0.2.3'), true)
})

test('a whole IPv6 /64 is one address, the next one is another', () => {
  const caps = connectionCaps({ ...WIDE, perAddress: 1 })
  const leave = caps.enter(from('2001:db8:0:1::1'))
  assert.equal(enters(caps, '2001:db8:0:1:ffff::2'), false)
  assert.equal(enters(caps, '2001:db8:0:2::1'), true)
  leave?.()
  assert.equal(enters(caps, '2001:db8:0:1:ffff::2'), true)
})

test('all addresses of one line count together, whoever holds them when they leave', () => {
  let holder: string | undefined = 'anna'
  const caps = connectionCaps({ ...WIDE, perLine: 2 }, { lineOf: () => holder })
  const leave = caps.enter(from('192.0.2.1'))
  assert.equal(enters(caps, '192.0.2.2'), true)
  assert.equal(enters(caps, '192.0.2.3'), false)
  holder = undefined
  assert.equal(enters(caps, '192.0.2.3'), true, 'without a known line only its address counts')
  leave?.()
  holder = 'anna'
  assert.equal(enters(caps, '192.0.2.3'), true)
})

test('so many in a minute, however short each of them is', () => {
  let now = 0
  const caps = connectionCaps({ ...WIDE, perMinute: 3 }, { now: () => now })
  const knock = () => {
    const leave = caps.enter(from('192.0.2.1'))
    leave?.()
    return leave !== undefined
  }
  assert.deepEqual([knock(), knock(), knock(), knock()], [true, true, true, false])
  assert.equal(enters(caps, '192.0.2.2'), true)
  now = MINUTE
  assert.equal(knock(), true)
})
