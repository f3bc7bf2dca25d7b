// The truth table of sessions, and packets as they come. Real access servers are in test/e2e/radius.test.ts.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import type { Lease, LeaseChange } from '../../model/lease.ts'
import {
  ATTRIBUTES,
  type Attribute,
  CODES,
  isSigned,
  numberAttribute,
  parseRadius,
  signedRequest,
  textAttribute,
} from '../../wire/radius.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { TellerClock } from '../../wire/teller-clock.ts'
import { tellerClocks } from '../../wire/teller-clocks.ts'
import { accountingRecord, type SessionNews } from './accounting.ts'
import { openRadius } from './server.ts'
import { AccountingSessions } from './sessions.ts'
import { timeOf } from './time-of-event.ts'

const AT = Date.UTC(2026, 0, 5)

const sessionsWith = (interim = 10 * MINUTE) => {
  const leases = memoryLeases()
  const sessions = new AccountingSessions({
    interim,
    subscriberOf: name => (name.startsWith('kd') ? name : undefined),
    ...lookupsOf(leases),
  })
  const moved = (changes: readonly LeaseChange[]) => {
    for (const { kind, lease } of changes)
      if (kind === 'open') leases.open(lease)
      else leases.close(lease, lease.to as number)
    return changes
  }
  return {
    leases,
    restore: (all: readonly Lease[], now: number) => {
      for (const lease of all) leases.open(lease)
      sessions.restore(all, now)
    },
    hear: (told: SessionNews, now: number) => moved(sessions.hear(told, now)),
    sweep: (now: number) => moved(sessions.sweep(now)),
    isSilent: (nas: string, now: number) =>
      sessions.isSilent({ session: { nas, id: '1', user: 'kd1' }, subscriber: 'kd1' }, now),
  }
}

type More = Partial<SessionNews> & { readonly prefixes?: readonly string[] }

function record(
  status: SessionNews['status'],
  at: number,
  { prefixes = ['192.0.2.7/32'], ...more }: More = {},
): SessionNews {
  const base = { nas: 'n1', realm: 'main', session: 's1', user: 'kd1', subscriber: 'kd1' }
  const framed = prefixes.map(prefix => ({
    prefix,
    kind: prefix.includes(':') ? ('delegated6' as const) : ('address4' as const),
  }))
  return { ...base, framed, status, at, ...more }
}

const words = (changes: readonly LeaseChange[]) =>
  changes.map(
    ({ kind, lease }) =>
      `${kind} ${lease.prefix} ${lease.subscriber} ${lease.from - AT}${lease.to === undefined ? '' : `-${lease.to - AT}`}`,
  )

type AccountingCall = readonly [SessionNews, readonly string[]]
const ROWS: Readonly<Record<string, readonly AccountingCall[]>> = {
  'a session, told twice': [
    [record('start', AT), ['open 192.0.2.7/32 kd1 0']],
    [record('start', AT), []],
    [record('interim', AT + 5), []],
    [record('stop', AT + 9), ['close 192.0.2.7/32 kd1 0-9']],
    [record('stop', AT + 9), []],
  ],
  'the start is lost': [
    [record('interim', AT + 3), ['open 192.0.2.7/32 kd1 3']],
    [record('stop', AT + 9), ['close 192.0.2.7/32 kd1 3-9']],
  ],
  'an update after the end, and one that overtook it': [
    [record('start', AT), ['open 192.0.2.7/32 kd1 0']],
    [record('stop', AT + 9), ['close 192.0.2.7/32 kd1 0-9']],
    [record('interim', AT + 8), []],
    [record('interim', AT + 10), []],
  ],
  'the end comes before the beginning': [
    [record('stop', AT + 9), []],
    [record('start', AT), []],
    [record('interim', AT + 5), []],
  ],
  'a number of a session that is used again': [
    [record('start', AT), ['open 192.0.2.7/32 kd1 0']],
    [record('stop', AT + 9), ['close 192.0.2.7/32 kd1 0-9']],
    [record('start', AT + 20, { subscriber: 'kd2' }), ['open 192.0.2.7/32 kd2 20']],
  ],
  'addresses that come later': [
    [record('start', AT, { prefixes: [] }), []],
    [
      record('interim', AT + 4, { prefixes: ['192.0.2.7/32', '2001:db8:17::/56'] }),
      ['open 192.0.2.7/32 kd1 4', 'open 2001:db8:17::/56 kd1 4'],
    ],
    [
      record('stop', AT + 9, { prefixes: [] }),
      ['close 192.0.2.7/32 kd1 4-9', 'close 2001:db8:17::/56 kd1 4-9'],
    ],
  ],
  'an access server starts anew': [
    [record('start', AT), ['open 192.0.2.7/32 kd1 0']],
    [record('start', AT, { nas: 'n2', prefixes: ['192.0.2.8/32'] }), ['open 192.0.2.8/32 kd1 0']],
    [record('nas-on', AT + 50, { session: '' }), ['close 192.0.2.7/32 kd1 0-50']],
  ],
  'an access server says late that it started anew: what began since is of its new life': [
    [record('start', AT), ['open 192.0.2.7/32 kd1 0']],
    [
      record('start', AT + 60, { session: 's2', prefixes: ['192.0.2.8/32'] }),
      ['open 192.0.2.8/32 kd1 60'],
    ],
    [record('interim', AT + 70), []],
    [record('nas-on', AT + 50, { session: '' }), ['close 192.0.2.7/32 kd1 0-50']],
  ],
}

for (const [name, rows] of Object.entries(ROWS))
  test(`accounting: ${name}`, () => {
    const sessions = sessionsWith()
    for (const [told, expected] of rows)
      assert.deepEqual(words(sessions.hear(told, told.at)), expected)
  })

test('a session whose updates cease is over; behind a server that is silent nothing is known, and nothing is closed', () => {
  const sessions = sessionsWith()
  sessions.hear(record('start', AT), AT)
  sessions.hear(record('start', AT, { session: 's2', prefixes: ['192.0.2.8/32'] }), AT)
  sessions.hear(record('interim', AT + 20 * MINUTE), AT + 20 * MINUTE)
  assert.deepEqual(words(sessions.sweep(AT + 30 * MINUTE)), ['close 192.0.2.8/32 kd1 0-0'])
  assert.equal(sessions.isSilent('n1', AT + 40 * MINUTE), false)
  assert.equal(sessions.isSilent('n1', AT + 2 * HOUR), true)
  assert.deepEqual(sessions.sweep(AT + 2 * HOUR), [])
  // It is back: what it does not tell of again within its time is over.
  sessions.hear(record('start', AT + 2 * HOUR, { session: 's3', prefixes: [] }), AT + 2 * HOUR)
  assert.equal(sessions.isSilent('n1', AT + 2 * HOUR), false)
  assert.deepEqual(sessions.sweep(AT + 2 * HOUR + MINUTE), [])
  for (let i = 1; i <= 3; i++) {
    const at = AT + 2 * HOUR + i * 10 * MINUTE
    sessions.hear(record('interim', at, { session: 's3', prefixes: [] }), at)
  }
  assert.equal(words(sessions.sweep(AT + 2 * HOUR + 30 * MINUTE)).length, 1)
})

test('what was known before a restart is known after it', () => {
  const sessions = sessionsWith()
  const session = { nas: 'n1', id: 's1', user: 'kd1' }
  const framed = 'address4' as const
  const of = { realm: 'main', subscriber: 'kd1', from: AT, session, framed }
  const lease = { ...of, prefix: '192.0.2.7/32' }
  const old = { ...lease, prefix: '192.0.2.8/32', session: { ...session, id: 's2' } }
  const now = AT + 20 * MINUTE
  sessions.restore([lease, old], now)
  assert.equal(sessions.isSilent('n1', now), false)
  assert.deepEqual(sessions.hear(record('interim', now + 5), now + 5), [])
  // Its updates from before the restart are forgotten: that is no reason to end it.
  assert.deepEqual(sessions.sweep(now + 10 * MINUTE), [])
  const end = now + 11 * MINUTE
  assert.deepEqual(words(sessions.hear(record('stop', end), end)), [
    `close 192.0.2.7/32 kd1 0-${end - AT}`,
  ])
})

const bytes = (type: number, ...value: readonly number[]): Attribute => ({
  type,
  value: Uint8Array.from(value),
})

test('a packet, read: addresses of every kind, time by its own clock or by its delay', () => {
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, 1),
    textAttribute(ATTRIBUTES.userName, 'kd1'),
    textAttribute(ATTRIBUTES.acctSession, '5F'),
    bytes(ATTRIBUTES.nasAddress, 192, 0, 2, 1),
    bytes(ATTRIBUTES.framedAddress, 198, 51, 100, 7),
    // Shorter than its length, and with bits behind it (RFC 3162 §2.3).
    bytes(ATTRIBUTES.framedPrefix6, 0, 64, 0x20, 0x01, 0x0d, 0xb8, 0, 0x17),
    bytes(ATTRIBUTES.delegatedPrefix6, 0, 44, 0x20, 0x01, 0x0d, 0xb8, 0, 0xff),
    // No customer has all there is.
    bytes(ATTRIBUTES.delegatedPrefix6, 0, 0),
    bytes(ATTRIBUTES.framedPrefix6, 0, 3, 0x20),
    numberAttribute(ATTRIBUTES.acctDelay, 5),
  ]
  const packet = signedRequest({ code: CODES.accountingRequest, id: 9, attributes }, 'secret')
  assert.ok(isSigned(packet, 'secret'))
  assert.ok(!isSigned(packet, 'other'))
  const parsed = parseRadius(packet)
  assert.ok(parsed)
  const settings = { from: '192.0.2.99', subscriber: 'user-name', realmOf: () => 'main' } as const
  const read = accountingRecord(parsed, settings)
  assert.deepEqual(read, {
    status: 'start',
    nas: '192.0.2.1',
    session: '5F',
    user: 'kd1',
    subscriber: 'kd1',
    realm: 'main',
    framed: [
      { prefix: '198.51.100.7/32', kind: 'address4' },
      { prefix: '2001:db8:17::/64', kind: 'prefix6' },
      { prefix: '2001:db8:f0::/44', kind: 'delegated6' },
    ],
    delay: 5000,
  })
  assert.ok(read)
  const clock = new TellerClock()
  assert.equal(timeOf(read, clock, AT).at, AT - 5000)
  clock.hear(AT, AT)
  const stamped = [...attributes, numberAttribute(ATTRIBUTES.eventTimestamp, AT / 1000 - 60)]
  const told = accountingRecord({ ...parsed, attributes: stamped }, settings)
  assert.ok(told)
  assert.equal(timeOf(told, clock, AT).at, AT - 60_000)
  // Some stamp what they send, and not what happened.
  assert.equal(timeOf({ stamp: AT, delay: 30_000 }, clock, AT).at, AT - 30_000)
})

test('no address is no lease: 0.0.0.0, and those that mean "choose one"', () => {
  for (const address of [
    [0, 0, 0, 0],
    [255, 255, 255, 254],
    [255, 255, 255, 255],
  ]) {
    const attributes = [
      numberAttribute(ATTRIBUTES.acctStatus, 1),
      bytes(ATTRIBUTES.framedAddress, ...address),
    ]
    const packet = { code: 4, id: 1, authenticator: new Uint8Array(16), attributes }
    const read = accountingRecord(packet, {
      from: 'n',
      subscriber: 'user-name',
      realmOf: () => 'main',
    })
    assert.deepEqual(read?.framed, [])
  }
})

const quiet = () => ({
  leases: [],
  subscriberOf: (name: string) => (name.startsWith('kd') ? name : undefined),
  unknown: () => undefined,
  clocks: tellerClocks(
    () => undefined,
    () => AT,
  ),
  heardOf: () => undefined,
  noteHeard: () => undefined,
  now: () => AT,
})

test('nothing is answered before it is on disk: told again, it is answered when it is', async t => {
  let full = true
  const moved: LeaseChange[][] = []
  const leases = memoryLeases()
  const sensor = await openRadius(
    {
      address: '127.0.0.1',
      port: 0,
      clients: [{ address: '127.0.0.1', secret: 'secret' }],
      answer: true,
      realm: 'main',
      subscriber: 'user-name',
      interim: 0,
    },
    {
      moveLeases: async changes => {
        const all = [...changes]
        moved.push(all)
        for (const { lease } of all) leases.open(lease)
        if (full) throw new Error('the disk is full')
      },
      ...quiet(),
      ...lookupsOf(leases),
      trouble: () => undefined,
    },
  )
  const socket = createSocket('udp4')
  t.after(async () => {
    socket.close()
    await sensor.close()
  })
  const answers: number[] = []
  socket.on('message', bytes => void answers.push(bytes[1] ?? 0))
  const packet = (id: number, status: number) =>
    signedRequest(
      {
        code: CODES.accountingRequest,
        id,
        attributes: [
          numberAttribute(ATTRIBUTES.acctStatus, status),
          textAttribute(ATTRIBUTES.userName, 'kd1'),
          textAttribute(ATTRIBUTES.acctSession, '5F'),
          bytes(ATTRIBUTES.framedAddress, 198, 51, 100, 7),
        ],
      },
      'secret',
    )
  const told = async (bytesToSend: Uint8Array, count: number) => {
    socket.send(bytesToSend, sensor.port, '127.0.0.1')
    while (moved.length < count) await new Promise(resolve => setImmediate(resolve))
    await new Promise(resolve => setImmediate(resolve))
  }
  await told(packet(1, 1), 1)
  // Again, and an update that changes nothing: both hang on what is not on disk.
  await told(packet(1, 1), 2)
  await told(packet(2, 3), 3)
  assert.deepEqual(answers, [])
  full = false
  await told(packet(1, 1), 4)
  while (answers.length === 0) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(answers, [1])
  // Once it is answered, it is answered the same again.
  socket.send(packet(1, 1), sensor.port, '127.0.0.1')
  while (answers.length < 2) await new Promise(resolve => setImmediate(resolve))
  assert.equal(moved.length, 4)
  assert.deepEqual(
    moved.map(changes => changes.length),
    [1, 0, 0, 0],
  )
})

test('the line’s own ids are keys (RFC 4679), and no other vendor’s attributes', () => {
  const text = (id: number, words: string) => [id, words.length + 2, ...Buffer.from(words)]
  const vendor = (number: number, ...values: readonly number[]) =>
    bytes(ATTRIBUTES.vendor, 0, 0, number >> 8, number & 255, ...values)
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, 1),
    textAttribute(ATTRIBUTES.userName, 'same@for.all'),
    textAttribute(ATTRIBUTES.acctSession, '5F'),
    bytes(ATTRIBUTES.framedAddress, 198, 51, 100, 7),
    vendor(9, ...text(1, 'not this')),
    vendor(3561, ...text(2, 'remote 7'), ...text(1, 'dsl 1/2/3:4')),
    // Longer than it is.
    vendor(3561, 1, 200, 65),
  ]
  const packet = { code: CODES.accountingRequest, id: 1, attributes, authenticator: bytes16 }
  const read = (subscriber: 'circuit-id' | 'remote-id' | 'nas-port-id') =>
    accountingRecord(packet, { from: '192.0.2.99', subscriber, realmOf: () => 'main' })?.subscriber
  assert.equal(read('circuit-id'), 'dsl 1/2/3:4')
  assert.equal(read('remote-id'), 'remote 7')
  assert.equal(read('nas-port-id'), '')
})

const bytes16 = new Uint8Array(16)
test('what is written while the sensor is closed is not answered any more, and stops nothing else', async t => {
  const writing = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const sensor = await openRadius(
    {
      address: '127.0.0.1',
      port: 0,
      clients: [{ address: '127.0.0.1', secret: 'secret' }],
      answer: true,
      realm: 'main',
      subscriber: 'user-name',
      interim: 0,
    },
    {
      moveLeases: changes => {
        assert.equal([...changes].length, 1)
        begun.resolve()
        return writing.promise
      },
      ...quiet(),
      standing: () => [],
      begunSince: () => [],
      within: () => [],
      around: () => [],
      trouble: () => undefined,
    },
  )
  const socket = createSocket('udp4')
  t.after(() => socket.close())
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, 1),
    textAttribute(ATTRIBUTES.userName, 'kd1'),
    textAttribute(ATTRIBUTES.acctSession, '5F'),
    bytes(ATTRIBUTES.framedAddress, 198, 51, 100, 7),
  ]
  const packet = { code: CODES.accountingRequest, id: 1, attributes }
  socket.send(signedRequest(packet, 'secret'), sensor.port, '127.0.0.1')
  await begun.promise
  await sensor.close()
  writing.resolve()
  // An answer on a closed socket throws, and what is thrown there would end the program.
  await new Promise(resolve => setTimeout(resolve, 20))
})
