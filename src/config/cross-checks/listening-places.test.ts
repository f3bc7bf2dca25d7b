import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { address, port, socket, udpPort } from '../fields.ts'
import { checkConfig } from '../load.ts'
import { placesOf, placesTaken } from './listening-places.ts'

/** What a new sensor over UDP, a new door and their sockets say of themselves; nothing else knows them. */
const ENTRIES = {
  probe: z
    .strictObject({ listenAt: udpPort.default(514).describe('Port (UDP)'), address })
    .optional(),
  recipientCheck: z.array(z.strictObject({ port: port.describe('Port'), address, socket })),
  bridge: z.strictObject({ socket: socket.describe('Where it listens') }).optional(),
}
const AT = { address: '192.0.2.1' }

const told = (config: object): readonly string[] =>
  [...placesTaken(placesOf(ENTRIES, config))].map(
    ({ path, problem }) => `${path.join('.')}: ${problem}`,
  )

test('what is new says itself over what it listens, and is compared', () => {
  const probe = { listenAt: 514, ...AT }
  assert.deepEqual(told({ probe, recipientCheck: [{ port: 514, ...AT }] }), [])
  assert.deepEqual(told({ recipientCheck: [1, 2].map(() => ({ port: 514, ...AT })) }), [
    'recipientCheck.1.port: TCP port 514 of 192.0.2.1 is taken by recipientCheck #1.port (192.0.2.1) already',
  ])
  const both = [...placesOf(ENTRIES, { probe }), ...placesOf(ENTRIES, { probe })]
  assert.match([...placesTaken(both)][0]?.problem ?? '', /^UDP port 514 of 192\.0\.2\.1 is taken/)
  const at = '/run/x.sock'
  assert.deepEqual(
    told({ recipientCheck: [{ port: 1, ...AT, socket: at }], bridge: { socket: at } }),
    ['bridge.socket: /run/x.sock is the socket of recipientCheck #1 already'],
  )
})

test('doors and sensors that there are: over UDP, over TCP, and by socket', () => {
  const config = (more: object) => () => checkConfig({ domains: ['isp.example'], ...more })
  const radius = { port: 514, clients: [{ address: '192.0.2.1', secret: 'long-enough-secret' }] }
  const natLog = { port: 514, sources: ['192.0.2.1'] }
  const flows = { port: 514, exporters: ['192.0.2.1'] }
  assert.throws(config({ radius, flows }), /radius\.port: UDP port 514.*|flows\.port: UDP port 514/)
  assert.throws(config({ radius, natLog }), /UDP port 514/)
  const listeners = [{ kind: 'inbound', port: 514 }]
  assert.doesNotThrow(config({ radius, listeners }))
  const door = { socket: '/run/cordon-x.sock' }
  assert.throws(
    config({ policyService: door, milter: door }),
    /cordon-x\.sock is the socket of policyService already/,
  )
})
