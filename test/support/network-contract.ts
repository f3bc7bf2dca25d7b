// What every network driver must do, whatever it speaks to: told twice is the same as once, it knows after a restart what it has put on, and what
// could not be done rejects and is not forgotten.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Restriction } from '../../src/model/decision.ts'
import { HOUR } from '../../src/model/duration.ts'
import type { Held, NetworkControl } from '../../src/ports/network-control.ts'
import { AT } from './ledgers.ts'

export type OpenedDriver = {
  readonly driver: NetworkControl
  /** The same driver after a restart. */
  readonly again: () => NetworkControl
  readonly away: (isAway: boolean) => void
  /** It is of one address space, and says so. */
  readonly ofRealm: boolean
}

const entry = (subscriber: string, rest: Partial<Restriction> = {}): Restriction => ({
  realm: 'main',
  prefix: `203.0.113.${subscriber.length}/32`,
  subscriber,
  state: 'isolated',
  walledGarden: true,
  until: AT + HOUR,
  decision: 'd1',
  session: { nas: 'bng', id: subscriber, user: subscriber },
  ...rest,
})

/** A kernel counts down, and knows no session. */
const NEAR = 10_000
const plain = (all: readonly Held[]) =>
  all.map(({ session: _session, until = 0, ...one }) => ({
    ...one,
    until: Math.ceil(until / NEAR) * NEAR,
  }))

export function holdsNetworkContract(
  name: string,
  open: (t: TestContext) => Promise<OpenedDriver>,
): void {
  void test(`${name}: twice is the same as once, and what is not there is taken off without an error`, async t => {
    const { driver } = await open(t)
    const [anna, bertha] = [entry('anna'), entry('bertha')]
    await driver.apply([])
    await driver.apply([anna, bertha])
    await driver.apply([anna])
    assert.deepEqual(plain(await driver.list()), plain([anna, bertha]))
    assert.deepEqual(plain(await driver.list('bertha')), plain([bertha]))
    await driver.revoke([anna])
    await driver.revoke([anna])
    assert.deepEqual([plain(await driver.list()), await driver.list('anna')], [plain([bertha]), []])
  })

  void test(`${name}: one that changes is there once, as it is now`, async t => {
    const { driver } = await open(t)
    await driver.apply([entry('anna')])
    const open25 = entry('anna', { state: 'open', walledGarden: false })
    await driver.apply([open25])
    assert.deepEqual(plain(await driver.list()), plain([open25]))
  })

  void test(`${name}: it knows after a restart what it has put on`, async t => {
    const { driver, again } = await open(t)
    await driver.apply([entry('anna')])
    assert.deepEqual(plain(await again().list()), plain([entry('anna')]))
  })

  void test(`${name}: what could not be done rejects; what could not be taken off is still there`, async t => {
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

  void test(`${name}: what is of another realm does not fit, where it is of one`, async t => {
    const { driver, ofRealm } = await open(t)
    assert.deepEqual(
      [driver.fits(entry('anna')), driver.fits(entry('anna', { realm: 'x' }))],
      [true, !ofRealm],
    )
  })
}
