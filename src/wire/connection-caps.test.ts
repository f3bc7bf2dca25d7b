import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../model/duration.ts'
import type { ListenerKind } from '../model/step.ts'
import { connectionCaps, type OpenCaps } from './connection-caps.ts'

const WIDE = { total: 1000, perAddress: 1000, perNetwork: 1000, perLine: 1000, perMinute: 1000 }
const from = (address: string) => ({ realm: 'main', address, port: 4000 })
const visit = (caps: OpenCaps, address: string, listener: ListenerKind = 'submission') =>
  caps.enter(from(address), listener)
const enters = (caps: OpenCaps, address: string, listener?: ListenerKind) =>
  visit(caps, address, listener) !== undefined
/** How many of so many attempts enter, each from an address that `address` makes of its number. */
const manyEnter = (caps: OpenCaps, listener: ListenerKind, address: (i: number) => string) =>
  Array.from({ length: 300 }, (_, i) => enters(caps, address(i), listener)).filter(Boolean).length

test('in all, and from one address; who leaves makes room, once', () => {
  const caps = connectionCaps({ ...WIDE, total: 3, perAddress: 2 })
  const leave = visit(caps, '192.0.2.1')
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
  const leave = visit(caps, '2001:db8:0:1::1')
  assert.equal(enters(caps, '2001:db8:0:1:ffff::2'), false)
  assert.equal(enters(caps, '2001:db8:0:2::1'), true)
  leave?.()
  assert.equal(enters(caps, '2001:db8:0:1:ffff::2'), true)
})

test('all addresses of one line count together, whichever customer holds them when they leave', () => {
  let holder: string | undefined = 'anna'
  const caps = connectionCaps(
    { ...WIDE, perLine: 2 },
    { lineOf: () => (holder === undefined ? undefined : { holder }) },
  )
  const leave = visit(caps, '192.0.2.1')
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
    const leave = visit(caps, '192.0.2.1')
    leave?.()
    return leave !== undefined
  }
  assert.deepEqual([knock(), knock(), knock(), knock()], [true, true, true, false])
  assert.equal(enters(caps, '192.0.2.2'), true)
  now = MINUTE
  assert.equal(knock(), true)
})

test('clients that fill port 25 leave a fifth for clients that send', () => {
  const caps = connectionCaps({ ...WIDE, total: 100 })
  assert.equal(
    manyEnter(caps, 'inbound', i => `2001:db8:${i}::1`),
    80,
  )
  assert.equal(enters(caps, '192.0.2.1', 'redirected'), false, 'a suspect goes with the others')
  assert.equal(enters(caps, '192.0.2.1', 'submission'), true)
})

test('strangers on all listeners leave a tenth for the lines of ours', () => {
  const lineOf = ({ address }: { readonly address: string }) =>
    address.startsWith('192.0.2.') ? { holder: address } : undefined
  const caps = connectionCaps({ ...WIDE, total: 100 }, { lineOf })
  const stranger = (i: number) => `2001:db8:${i}::1`
  assert.equal(manyEnter(caps, 'inbound', stranger), 80)
  assert.equal(manyEnter(caps, 'submission', stranger), 10)
  const leave = visit(caps, '192.0.2.200', 'submission')
  assert.equal(
    manyEnter(caps, 'submission', i => `192.0.2.${i % 200}`),
    9,
  )
  assert.equal(caps.open, 100)
  leave?.()
  assert.equal(enters(caps, '192.0.2.1', 'inbound'), false)
  assert.equal(enters(caps, '2001:db8:1::1', 'submission'), false)
  assert.equal(enters(caps, '192.0.2.1', 'submission'), true)
})

test('a network is one crowd, but for lines of ours', () => {
  let isOurs = false
  const caps = connectionCaps(
    { ...WIDE, perNetwork: 20, perAddress: 10 },
    { lineOf: () => (isOurs ? {} : undefined) },
  )
  assert.equal(
    manyEnter(caps, 'inbound', i => `2001:db8:1:${i}::1`),
    20,
  )
  assert.equal(
    manyEnter(caps, 'submission', i => `198.51.100.${i % 250}`),
    20,
  )
  assert.equal(enters(caps, '198.51.101.1'), true)
  assert.equal(enters(caps, '2001:db8:2::1'), true)
  isOurs = true
  assert.equal(enters(caps, '198.51.100.1'), true)
})

test('a network has no less than an address, and a small server is a server', () => {
  const wide = connectionCaps({ ...WIDE, perNetwork: 1, perAddress: 30 })
  assert.equal(
    manyEnter(wide, 'inbound', () => '192.0.2.1'),
    30,
  )
  const one = connectionCaps({ ...WIDE, total: 1 })
  assert.equal(
    manyEnter(one, 'inbound', () => '192.0.2.1'),
    1,
  )
})
