import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import type { LeaseChange } from '../../model/lease.ts'
import { blockReader, openNatLog } from './nat-log.ts'

const JUNIPER = {
  given: 'JSERVICES_NAT_PORT_BLOCK_ALLOC: {inside} -> {outside}:{first}-{last}',
  taken: 'JSERVICES_NAT_PORT_BLOCK_RELEASE: {inside} -> {outside}:{first}-{last}',
}

test('lines as they are written there, and no others', () => {
  const read = blockReader(JUNIPER)
  assert.deepEqual(
    read(
      '<14>Nov 20 10:22:00 mx1 (FPC Slot 2) {set1}[FWNAT]: JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071 0x5b2d8ca9',
    ),
    { kind: 'given', inside: '100.64.0.7', outside: '203.0.113.7', ports: [2048, 3071] },
  )
  assert.equal(
    read('JSERVICES_NAT_PORT_BLOCK_RELEASE:  100.64.0.7 -> 203.0.113.7:2048-3071')?.kind,
    'taken',
  )
  for (const line of [
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:3071-2048',
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-99999',
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.999 -> 203.0.113.7:1-2',
    'something else',
    '',
  ])
    assert.equal(read(line), undefined, line)
  const own = blockReader({
    given: '+{outside} {first} {last} {inside};',
    taken: '-{outside} {first} {last} {inside};',
  })
  assert.deepEqual(own('-203.0.113.7 1 2 100.64.0.7;')?.kind, 'taken')
})

test('each block is a lease of a part of an address; of unknown homes and unknown senders nothing is kept', async t => {
  const moved: LeaseChange[] = []
  const sensor = await openNatLog(
    {
      address: '127.0.0.1',
      port: 0,
      sources: ['127.0.0.1'],
      realm: 'main',
      insideRealm: 'bng1',
      ...JUNIPER,
    },
    {
      moveLeases: async changes => void moved.push(...changes),
      leases: {
        holderAt: (realm, address) =>
          realm === 'bng1' && address === '100.64.0.7'
            ? { sure: 'certain', subscriber: 'anna' }
            : { sure: 'unknown' },
      },
      now: () => 7,
      trouble: error => assert.fail(String(error)),
    },
  )
  t.after(() => sensor.close())
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  const say = (text: string) =>
    new Promise(resolve => socket.send(text, sensor.port, '127.0.0.1', resolve))
  await say('JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071\n')
  await say('JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.8 -> 203.0.113.7:3072-4095\n')
  await say('JSERVICES_NAT_PORT_BLOCK_RELEASE: 100.64.0.7 -> 203.0.113.7:2048-3071\n')
  for (let i = 0; i < 100 && moved.length < 2; i++)
    await new Promise(resolve => setTimeout(resolve, 10))
  const lease = {
    realm: 'main',
    prefix: '203.0.113.7/32',
    ports: [2048, 3071],
    subscriber: 'anna',
    from: 7,
  }
  assert.deepEqual(moved, [
    { kind: 'open', lease },
    { kind: 'close', lease: { ...lease, to: 7 } },
  ])
  assert.deepEqual(sensor.counts, { given: 2, taken: 1, other: 0, unknown: 1, strangers: 0 })
})

test('what was heard is told before it is closed, and nothing afterwards', async () => {
  let closed = false
  const moved: LeaseChange[] = []
  const heard = Promise.withResolvers<void>()
  const sensor = await openNatLog(
    {
      address: '127.0.0.1',
      port: 0,
      sources: ['127.0.0.1'],
      realm: 'main',
      insideRealm: 'bng1',
      ...JUNIPER,
    },
    {
      moveLeases: async changes => {
        assert.ok(!closed, 'leases were moved after the end')
        await Promise.resolve()
        moved.push(...changes)
      },
      leases: {
        holderAt: () => {
          heard.resolve()
          return { sure: 'certain', subscriber: 'anna' }
        },
      },
      now: () => 7,
      trouble: error => assert.fail(String(error)),
    },
  )
  const socket = createSocket('udp4')
  socket.send(
    'JSERVICES_NAT_PORT_BLOCK_ALLOC: 100.64.0.7 -> 203.0.113.7:2048-3071',
    sensor.port,
    '127.0.0.1',
  )
  await heard.promise
  await sensor.close()
  closed = true
  socket.close()
  assert.equal(moved.length, 1)
})
