// What every network driver must do, run against those that need no router: the webhook, with a server that can be away. nftables and
// RADIUS CoA do it with a real router and a real access server: test/lab/nftables.test.ts, test/e2e/radius-coa.test.ts.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { webhook } from '../../src/drivers/network/webhook/webhook.ts'
import type { Restriction } from '../../src/model/decision.ts'
import type { NetworkControl } from '../../src/ports/network-control.ts'
import { AT } from '../support/ledgers.ts'
import { folderOf } from '../support/owned.ts'

type Opened = {
  readonly driver: NetworkControl
  /** The same driver after a restart. */
  readonly again: () => NetworkControl
  readonly away: (isAway: boolean) => void
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
    return { driver: again(), again, away: isAway => void (status = isAway ? 503 : 204) }
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
    assert.ok((await driver.list()).some(one => one.subscriber === 'anna'))
    away(false)
    await driver.revoke([entry('anna'), entry('bertha')])
    assert.deepEqual(await driver.list(), [])
  })

  test(`${name}: what is of another realm does not fit`, async t => {
    const { driver } = await open(t)
    assert.deepEqual(
      [driver.fits(entry('anna')), driver.fits(entry('anna', { realm: 'x' }))],
      [true, false],
    )
  })
}
