// Two access servers with one address, each with a client of its own: each has a clock of its own.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { tellerClocks } from '../../wire/teller-clocks.ts'
import {
  ATTRIBUTES,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../../wire/radius.ts'
import { openRadius } from './server.ts'

const AT = Date.UTC(2026, 10, 29)
const [START, INTERIM] = [1, 3]
const CLIENTS = ['127.0.0.1', '127.0.0.2']

/** Both tell of NAS 192.0.2.9: the first of kd1, the other of kd2, by a clock so much behind. */
async function twoOfOne(t: TestContext, behind: number) {
  let now = AT
  let id = 0
  const leases = memoryLeases([], 0, () => now)
  const clocks = tellerClocks(
    () => undefined,
    () => now,
  )
  const sensor = await openRadius(
    {
      address: '127.0.0.1',
      port: 0,
      clients: CLIENTS.map(address => ({ address, secret: 'secret' })),
      answer: true,
      realm: 'main',
      subscriber: 'user-name',
      interim: 60_000,
    },
    {
      moveLeases: async changes => {
        for (const { kind, lease } of changes)
          if (kind === 'open') leases.open(lease)
          else leases.close(lease, lease.to as number)
      },
      leases: [],
      subscriberOf: name => name,
      unknown: () => undefined,
      clocks,
      heardOf: () => undefined,
      // As the program does it: what is heard stands beside its clock.
      noteHeard: nas => void clocks.of('radius', nas),
      now: () => now,
      ...lookupsOf(leases),
      trouble: assert.fail,
    },
  )
  let isOpen = true
  const close = async () => {
    if (isOpen) await sensor.close()
    isOpen = false
  }
  t.after(close)
  leases.doubt(lease => sensor.isSilent(lease) || sensor.hasOtherClock(lease))
  const sockets = await Promise.all(
    CLIENTS.map(async address => {
      const socket = createSocket('udp4').bind(0, address)
      await once(socket, 'listening')
      t.after(() => socket.close())
      return socket
    }),
  )
  const tell = async (who: 0 | 1, status: number, at: number) => {
    now = AT + at
    const attributes = [
      numberAttribute(ATTRIBUTES.acctStatus, status),
      { type: ATTRIBUTES.nasAddress, value: Uint8Array.of(192, 0, 2, 9) },
      textAttribute(ATTRIBUTES.userName, `kd${who + 1}`),
      textAttribute(ATTRIBUTES.acctSession, `s${who}`),
      { type: ATTRIBUTES.framedAddress, value: Uint8Array.of(198, 51, 100, who + 1) },
      numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor((now - who * behind) / 1000)),
    ].flatMap(one => one ?? [])
    const request = { code: CODES.accountingRequest, id: id++, attributes }
    const socket = sockets[who]
    if (!socket) throw new Error('no such client')
    socket.send(signedRequest(request, 'secret'), sensor.port, '127.0.0.1')
    await once(socket, 'message')
  }
  const who = () => [1, 2].map(n => leases.holder('main', `198.51.100.${n}`, undefined).subscriber)
  return { tell, who, clocks, close }
}

for (const [words, behind] of [
  ['300 s behind', 300_000],
  ['20 s behind', 20_000],
  ['300 s ahead', -300_000],
] as const)
  test(`one is right, the other ${words}: both customers are certain once their clocks are known`, async t => {
    const { tell, who, clocks, close } = await twoOfOne(t, behind)
    await tell(0, START, 0)
    await tell(1, START, 1000)
    for (let round = 1; round <= 4; round++) {
      await tell(0, INTERIM, round * 20_000)
      assert.equal(who()[0], 'kd1')
      await tell(1, INTERIM, round * 20_000 + 1000)
    }
    assert.deepEqual(who(), ['kd1', 'kd2'])
    await close()
    const known = clocks
      .list()
      .map(({ offset = 0, heardAt }) => [Math.round(offset / 1000), heardAt > 0])
    assert.deepEqual(known, [
      [0, true],
      [behind / 1000, true],
    ])
  })
