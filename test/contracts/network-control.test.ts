// What every network driver must do, run against those that need no router of another program: the webhook, with a server that can be away,
// and the access router, with that of the neighbourhood. What nftables and RADIUS CoA hold is a table and sessions, which name no customer
// and need a kernel or an access server: their tests are named below. A driver that is in neither list is red.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, globSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createNetServer, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { accessRouter } from '../../src/drivers/network/access-router/access-router.ts'
import { webhook } from '../../src/drivers/network/webhook/webhook.ts'
import type { Restriction } from '../../src/model/decision.ts'
import type { NetworkControl } from '../../src/ports/network-control.ts'
import { startRouter } from '../../src/simulation/neighbourhood/router.ts'
import { AT } from '../support/ledgers.ts'
import { folderOf } from '../support/owned.ts'

type Opened = {
  readonly driver: NetworkControl
  /** The same driver after a restart. */
  readonly again: () => NetworkControl
  readonly away: (isAway: boolean) => void
  /** It is of one address space, and says so. */
  readonly ofRealm: boolean
}

/** Drivers whose contract is held elsewhere, and where. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  nftables: ['test/lab/nftables.test.ts'],
  'radius-coa': [
    'test/e2e/radius-coa.test.ts',
    'src/drivers/network/radius-coa/radius-coa.test.ts',
  ],
}

const DRIVERS: Readonly<Record<string, (t: TestContext) => Promise<Opened>>> = {
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
}

const entry = (subscriber: string, rest: Partial<Restriction> = {}): Restriction => ({
  realm: 'main',
  prefix: `203.0.113.${subscriber.length}/32`,
  subscriber,
  state: 'isolated',
  walledGarden: true,
  until: AT + 1000,
  decision: 'd1',
  ...rest,
})

for (const [name, open] of Object.entries(DRIVERS)) {
  test(`${name}: twice is the same as once, and what is not there is taken off without an error`, async t => {
    const { driver } = await open(t)
    const [anna, bertha] = [entry('anna'), entry('bertha')]
    await driver.apply([])
    await driver.apply([anna, bertha])
    await driver.apply([anna])
    assert.deepEqual(await driver.list(), [anna, bertha])
    assert.deepEqual(await driver.list('bertha'), [bertha])
    await driver.revoke([anna])
    await driver.revoke([anna])
    assert.deepEqual([await driver.list(), await driver.list('anna')], [[bertha], []])
  })

  test(`${name}: one that changes is there once, as it is now`, async t => {
    const { driver } = await open(t)
    await driver.apply([entry('anna')])
    const open25 = entry('anna', { state: 'open', walledGarden: false })
    await driver.apply([open25])
    assert.deepEqual(await driver.list(), [open25])
  })

  test(`${name}: it knows after a restart what it has put on`, async t => {
    const { driver, again } = await open(t)
    await driver.apply([entry('anna')])
    assert.deepEqual(await again().list(), [entry('anna')])
  })

  test(`${name}: what could not be done rejects; what could not be taken off is still there`, async t => {
    const { driver, away } = await open(t)
    await driver.apply([entry('anna')])
    away(true)
    await assert.rejects(driver.apply([entry('bertha')]))
    await assert.rejects(driver.revoke([entry('anna')]))
    // One that keeps nothing itself does not know now, and says so.
    const known = await driver.list().catch(() => undefined)
    assert.ok(known === undefined || known.some(one => one.subscriber === 'anna'))
    away(false)
    assert.ok((await driver.list()).some(one => one.subscriber === 'anna'))
    await driver.revoke([entry('anna'), entry('bertha')])
    assert.deepEqual(await driver.list(), [])
  })

  test(`${name}: what is of another realm does not fit, where it is of one`, async t => {
    const { driver, ofRealm } = await open(t)
    assert.deepEqual(
      [driver.fits(entry('anna')), driver.fits(entry('anna', { realm: 'x' }))],
      [true, !ofRealm],
    )
  })
}

test('every driver of the access network has this contract, or tests elsewhere that are there', () => {
  const found = globSync('src/drivers/network/*/driver.ts').map(file => basename(dirname(file)))
  assert.deepEqual(
    [...Object.keys(DRIVERS), ...Object.keys(ELSEWHERE)].toSorted(),
    found.toSorted(),
  )
  for (const file of Object.values(ELSEWHERE).flat()) assert.ok(existsSync(file), file)
})
