// Packets that arrive in one turn of the loop, as after a start or a halt: each finds what those before it told.

import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test, type TestContext } from 'node:test'
import { lookupsOf } from '../../../test/support/lease-lookups.ts'
import {
  ATTRIBUTES,
  CODES,
  numberAttribute,
  signedRequest,
  textAttribute,
} from '../../wire/radius.ts'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { tellerClocks } from '../../wire/teller-clocks.ts'
import { openRadius } from './server.ts'

const AT = Date.UTC(2026, 10, 27)
const START = 1
const INTERIM = 3
let id = 0

type PacketTold = { readonly nas: string; readonly user: string; readonly stamp: number }

function packet(status: number, { nas, user, stamp }: PacketTold): Uint8Array {
  const attributes = [
    numberAttribute(ATTRIBUTES.acctStatus, status),
    textAttribute(ATTRIBUTES.nasIdentifier, nas),
    textAttribute(ATTRIBUTES.userName, user),
    textAttribute(ATTRIBUTES.acctSession, `${nas}-1`),
    { type: ATTRIBUTES.framedAddress, value: Uint8Array.of(198, 51, 100, 7) },
    numberAttribute(ATTRIBUTES.eventTimestamp, Math.floor(stamp / 1000)),
  ]
  return signedRequest({ code: CODES.accountingRequest, id: id++, attributes }, 'secret')
}

/** The holder of the address when all these have come at once; and how often the disk was written to. */
async function comes(t: TestContext, packets: readonly Uint8Array[]) {
  const leases = memoryLeases()
  let writes = 0
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
        writes++
        for (const { kind, lease } of changes)
          if (kind === 'open') leases.open(lease)
          else leases.close(lease, lease.to as number)
      },
      leases: [],
      subscriberOf: name => name,
      unknown: () => undefined,
      clocks: tellerClocks(
        () => undefined,
        () => AT,
      ),
      heardOf: () => undefined,
      noteHeard: () => undefined,
      now: () => AT,
      ...lookupsOf(leases),
      trouble: assert.fail,
    },
  )
  const socket = createSocket('udp4')
  t.after(async () => {
    socket.close()
    await sensor.close()
  })
  let answers = 0
  const all = new Promise<void>(resolve =>
    socket.on('message', () => {
      if (++answers === packets.length) resolve()
    }),
  )
  for (const one of packets) socket.send(one, sensor.port, '127.0.0.1')
  await all
  return { holder: leases.holder('main', '198.51.100.7', undefined), writes }
}

const RIGHT = { nas: 'bng1', user: 'kd8', stamp: AT - 5000 }
const NEVER_SET = { nas: 'bng4', user: 'kd1', stamp: 5000 }

test('of two claims that come at once, by clocks that are not known, it is not known which was first', async t => {
  for (const [first, second] of [
    [RIGHT, NEVER_SET],
    [NEVER_SET, RIGHT],
  ] as const) {
    const { holder, writes } = await comes(t, [packet(START, first), packet(START, second)])
    assert.equal(holder.sure, 'ambiguous', `${first.user} ${second.user}`)
    assert.equal(writes, 1)
  }
})

test('an update right after its Start changes nothing, and is answered when the Start is on disk', async t => {
  const { holder, writes } = await comes(t, [packet(START, RIGHT), packet(INTERIM, RIGHT)])
  assert.deepEqual([holder.subscriber, writes], ['kd8', 1])
})
