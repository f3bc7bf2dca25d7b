// What every network driver must do, run against those that need no kernel of their own: the webhook, with a server that can be away, the
// access router, with that of the neighbourhood, and RADIUS CoA, with an access server that is played (test/e2e/radius-coa.test.ts has a
// real one). A driver that is in neither list is red.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { accessRouter } from '../../src/drivers/network/access-router/access-router.ts'
import { webhook } from '../../src/drivers/network/webhook/webhook.ts'
import type { CoaClient } from '../../src/drivers/network/radius-coa/coa-client.ts'
import {
  radiusCoa,
  type RadiusCoaSettings,
} from '../../src/drivers/network/radius-coa/radius-coa.ts'
import { startRouter } from '../../src/simulation/neighbourhood/router.ts'
import { CODES } from '../../src/wire/radius.ts'
import { AT } from '../support/ledgers.ts'
import { holdsNetworkContract, type OpenedDriver } from '../support/network-contract.ts'
import { folderOf } from '../support/owned.ts'

/** Drivers whose contract is held elsewhere, and where. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  nftables: ['test/lab/network-control.test.ts'],
}

const text = (value: string) => [{ attribute: '11', value, as: 'text' as const }]
const COA: RadiusCoaSettings = {
  name: 'coa',
  realm: 'main',
  servers: [{ nas: 'bng', address: '127.0.0.1', port: 3799, secret: 's' }],
  perSecond: 20,
  disconnect: [],
  identify: ['nas', 'session', 'user', 'address', 'time'],
  messageAuthenticator: true,
  isolated: text('closed-25'),
  redirected: [],
  open: text('open-25'),
  default: text('default'),
}

const DRIVERS: Readonly<Record<string, (t: TestContext) => Promise<OpenedDriver>>> = {
  webhook: async t => {
    let status = 204
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const settings = { name: 'hook', url: `http://127.0.0.1:${port}/`, secret: 's', realm: 'main' }
    const file = join(folderOf(t), 'held')
    const again = () => webhook(settings, file, () => AT)
    const away = (isAway: boolean) => void (status = isAway ? 503 : 204)
    return { driver: again(), again, away, ofRealm: true }
  },
  'access-router': async t => {
    const router = await startRouter([], [])
    t.after(() => router.close())
    let isAway = false
    const open = new Set<Socket>()
    const before = createNetServer(socket => {
      if (isAway) return socket.destroy()
      const behind = connect(router.controlPort, '127.0.0.1')
      for (const one of [socket, behind]) {
        open.add(one)
        one.on('error', () => undefined).on('close', () => open.delete(one))
      }
      return socket.pipe(behind).pipe(socket)
    })
    await once(before.listen(0, '127.0.0.1'), 'listening')
    t.after(() => {
      for (const socket of open) socket.destroy()
      before.close()
    })
    const { port } = before.address() as AddressInfo
    const again = () => {
      const driver = accessRouter({ host: '127.0.0.1', port })
      t.after(() => driver.close())
      return driver
    }
    const away = (now: boolean) => {
      isAway = now
      for (const socket of open) socket.destroy()
    }
    return { driver: again(), again, away, ofRealm: false }
  },
  'radius-coa': async t => {
    let isAway = false
    const client: CoaClient = {
      ask: async (_server, code) => {
        if (isAway) throw new Error('no answer')
        const answer = code === CODES.coaRequest ? CODES.coaAck : CODES.disconnectAck
        return { code: answer, id: 1, authenticator: new Uint8Array(16), attributes: [] }
      },
      close: () => undefined,
    }
    const file = join(folderOf(t), 'held')
    const again = () => radiusCoa(COA, file, () => AT, client)
    return { driver: again(), again, away: now => void (isAway = now), ofRealm: true }
  },
}

for (const [name, open] of Object.entries(DRIVERS)) holdsNetworkContract(name, open)

test('every driver of the access network has this contract, or tests elsewhere that are there', () => {
  const found = globSync('src/drivers/network/*/driver.ts').map(file => basename(dirname(file)))
  assert.deepEqual(
    [...Object.keys(DRIVERS), ...Object.keys(ELSEWHERE)].toSorted(),
    found.toSorted(),
  )
  for (const file of Object.values(ELSEWHERE).flat()) assert.ok(existsSync(file), file)
})
