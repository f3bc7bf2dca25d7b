// What is shown as enforced is what an access server has acknowledged: refused, unanswered and gone are three other things. The client is
// played; test/e2e/radius-coa.test.ts has FreeRADIUS.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../../../test/support/owned.ts'
import type { Restriction } from '../../../model/decision.ts'
import { ATTRIBUTES, type Attribute, CODES, numberAttribute } from '../../../wire/radius.ts'
import type { CoaClient } from './coa-client.ts'
import type { Held } from '../../../ports/network-control.ts'
import { radiusCoa, type RadiusCoaSettings } from './radius-coa.ts'

const NOW = Date.UTC(2026, 0, 5)
const SETTINGS: RadiusCoaSettings = {
  name: 'coa',
  realm: 'main',
  servers: [{ nas: 'bng', address: '127.0.0.1', port: 3799, secret: 's' }],
  perSecond: 20,
  disconnect: [],
  identify: ['nas', 'session', 'user', 'address', 'time'],
  messageAuthenticator: true,
  isolated: [{ attribute: '11', value: 'closed-25', as: 'text' }],
  redirected: [],
  open: [],
  default: [{ attribute: '11', value: 'default', as: 'text' }],
}

const entry = (subscriber: string, session: string, more: Partial<Restriction> = {}) =>
  ({
    realm: 'main',
    prefix: '192.0.2.7/32',
    subscriber,
    session: { nas: 'bng', id: session, user: subscriber },
    state: 'isolated',
    walledGarden: false,
    decision: 'd1',
    until: NOW + 60_000,
    ...more,
  }) satisfies Restriction

type Answer = 'ack' | 'nak' | 'silence' | number

/** An access server that answers each session as it is told to; and what it was asked. */
function scene(t: TestContext, settings: Partial<RadiusCoaSettings> = {}) {
  const answers = new Map<string, Answer>()
  const asked: { session: string; attributes: readonly Attribute[] }[] = []
  let during = async () => {}
  const duringAsk = (look: () => Promise<void>) => void (during = look)
  const client: CoaClient = {
    ask: async (_server, code, attributes) => {
      const text = (type: number) =>
        new TextDecoder().decode(attributes.find(one => one.type === type)?.value)
      const session = text(ATTRIBUTES.acctSession)
      asked.push({ session, attributes })
      await during()
      const answer = answers.get(session) ?? 'ack'
      if (answer === 'silence') throw new Error('no answer from 127.0.0.1 port 3799')
      const [ack, nak] =
        code === CODES.coaRequest
          ? [CODES.coaAck, CODES.coaAck + 1]
          : [CODES.disconnectAck, CODES.disconnectAck + 1]
      return {
        code: answer === 'ack' ? ack : nak,
        id: 1,
        authenticator: new Uint8Array(16),
        attributes:
          typeof answer === 'number' ? [numberAttribute(ATTRIBUTES.errorCause, answer)] : [],
      }
    },
    close: () => undefined,
  }
  const file = join(folderOf(t), 'held.json')
  let now = NOW
  const later = (ms: number) => void (now += ms)
  const open = (changed: Partial<RadiusCoaSettings> = {}) =>
    radiusCoa({ ...SETTINGS, ...settings, ...changed }, file, () => now, client)
  return { driver: open(), again: open, answers, asked, duringAsk, later }
}

const STANDINGS = [
  ['ack', undefined],
  ['nak', 'refused'],
  [401, 'refused'],
  [404, 'refused'],
  [503, 'gone'],
  ['silence', 'unanswered'],
] as const
for (const [answer, standing] of STANDINGS)
  test(`answered with ${answer}: ${standing ?? 'in force'}, also after a restart; the others of the same go are in force`, async t => {
    const { driver, again, answers } = scene(t)
    answers.set('a', answer)
    const all = driver.apply([entry('kd1', 'a'), entry('kd2', 'b', { prefix: '192.0.2.8/32' })])
    if (standing === undefined) await all
    else await assert.rejects(all)
    for (const one of [driver, again()]) {
      const [mine, other] = [await one.list('kd1'), await one.list('kd2')]
      assert.deepEqual([mine.length, mine[0]?.standing], [1, standing])
      assert.deepEqual([other.length, other[0]?.standing], [1, undefined])
    }
  })

test('503 is the end only where accounting says so, too: some send it when an attribute is missing', async t => {
  const { driver, answers } = scene(t)
  await driver.apply([entry('kd1', 'a')])
  answers.set('a', 503)
  await assert.rejects(driver.revoke([{ ...entry('kd1', 'a'), over: false }]))
  assert.equal((await driver.list('kd1'))[0]?.standing, 'gone')
  await driver.revoke([{ ...entry('kd1', 'a'), over: true }])
  assert.deepEqual(await driver.list(), [])
})

test('what was refused to be taken off is still there, and says so', async t => {
  const { driver, answers } = scene(t)
  await driver.apply([entry('kd1', 'a')])
  answers.set('a', 401)
  await assert.rejects(driver.revoke([entry('kd1', 'a')]), /it does not know an attribute/)
  assert.equal((await driver.list('kd1'))[0]?.standing, 'refused')
})

test('an address that moves to another session takes nothing from what is known of the first', async t => {
  const { driver, asked } = scene(t)
  await driver.apply([entry('kd1', 'a')])
  await driver.apply([entry('kd2', 'b')])
  assert.equal((await driver.list()).length, 2)
  await driver.revoke([entry('kd1', 'a')])
  assert.deepEqual(
    asked.map(one => one.session),
    ['a', 'b', 'a'],
  )
  assert.deepEqual(
    (await driver.list()).map(one => one.subscriber),
    ['kd2'],
  )
})

test('what names a session, and how values are written, is settable for each vendor', async t => {
  const { driver, asked } = scene(t, {
    identify: ['session'],
    isolated: [
      { attribute: '27', value: '3600', as: 'integer' },
      { attribute: '8', value: '192.0.2.1', as: 'address' },
      { attribute: '9.1', value: '00ff', as: 'hex' },
    ],
  })
  await driver.apply([entry('kd1', 'a')])
  assert.deepEqual(
    asked[0]?.attributes.map(({ type, value }) => `${type} ${Buffer.from(value).toString('hex')}`),
    ['44 61', '27 00000e10', '8 c0000201', '26 00000009010400ff'],
  )
})

test('a session that is given another address while it is to be isolated is not opened in between', async t => {
  const { driver, again, asked } = scene(t)
  const moved = entry('kd1', 'a', { prefix: '192.0.2.9/32' })
  await driver.apply([entry('kd1', 'a')])
  await driver.revoke([{ ...entry('kd1', 'a'), stays: true }])
  // A crash here: it is still known that something may be there.
  assert.equal((await again().list('kd1')).length, 1)
  await driver.apply([moved])
  const filters = asked.map(({ attributes }) =>
    new TextDecoder().decode(attributes.find(one => one.type === 11)?.value),
  )
  assert.deepEqual(filters, ['closed-25', 'closed-25'])
  assert.deepEqual(await driver.list(), [moved])
  await driver.revoke([moved])
  assert.equal(asked.length, 3)
  assert.deepEqual(await again().list(), [])
})

test('while it is asked again, what was answered last is shown with its cause', async t => {
  const { driver, answers, duringAsk } = scene(t)
  answers.set('a', 401)
  await assert.rejects(driver.apply([entry('kd1', 'a')]))
  const seen: (readonly Held[])[] = []
  duringAsk(async () => void seen.push(await driver.list('kd1')))
  await assert.rejects(driver.apply([entry('kd1', 'a')]))
  assert.equal(seen[0]?.[0]?.standing, 'refused')
  assert.match(seen[0]?.[0]?.words ?? '', /it does not know an attribute; it is asked again now$/)
  assert.match((await driver.list('kd1'))[0]?.words ?? '', /it does not know an attribute$/)
  // Another state than the one that was refused.
  await assert.rejects(driver.apply([entry('kd1', 'a', { state: 'open' })]))
  assert.equal(seen[1]?.[0]?.standing, 'unsure')
})

test('a session that was ended for a decision is remembered over a restart: the next one is not ended', async t => {
  const { driver, again, asked } = scene(t, { disconnect: ['isolated'] })
  await driver.apply([entry('kd1', 'a')])
  const later = again()
  await later.apply([entry('kd1', 'b')])
  assert.equal(asked.length, 1)
  await later.apply([entry('kd1', 'c', { decision: 'd2' })])
  assert.equal(asked.length, 2)
})

test('an access server that is taken out of the configuration is not forgotten: it is told when it comes back', async t => {
  const { driver, again, asked } = scene(t)
  await driver.apply([entry('kd1', 'a')])
  const without = again({ servers: [] })
  const [held] = await without.list('kd1')
  assert.equal(held?.standing, 'no entry')
  assert.match(held?.words ?? '', /^bng is no server in radiusCoa any more, and may hold it still$/)
  await assert.rejects(without.revoke([entry('kd1', 'a')]), /bng is no server in radiusCoa/)
  const back = again()
  assert.equal((await back.list('kd1'))[0]?.standing, 'no entry')
  await back.revoke([entry('kd1', 'a')])
  assert.deepEqual([asked.length, await back.list()], [2, []])
})

test('of an access server without an entry nothing is left of a session that accounting has ended', async t => {
  const { driver, again } = scene(t)
  await driver.apply([entry('kd1', 'a')])
  const without = again({ servers: [] })
  await without.revoke([{ ...entry('kd1', 'a'), over: true }])
  assert.deepEqual(await without.list(), [])
})

test('a session that was ended and goes on is not shown as enforced, also after a restart; its end needs no Disconnect', async t => {
  const { driver, again, asked, later } = scene(t, { disconnect: ['isolated', 'default'] })
  const mine = entry('kd1', 'a', { began: NOW })
  await driver.apply([mine])
  assert.equal((await driver.list('kd1'))[0]?.standing, undefined)
  later(31_000)
  for (const one of [driver, again()]) {
    assert.equal((await one.list('kd1'))[0]?.standing, 'goes on')
    await assert.rejects(one.apply([mine]), /accounting has not told of an end/)
  }
  await driver.revoke([{ ...mine, over: true }])
  assert.deepEqual([asked.length, await driver.list()], [1, []])
  // Its number may come again: that session has its state from the RADIUS server.
  const anew = entry('kd1', 'a', { began: NOW + 60_000 })
  await driver.apply([anew])
  assert.deepEqual([asked.length, (await driver.list('kd1'))[0]?.standing], [1, undefined])
  await driver.revoke([{ ...anew, over: true, stopped: true }])
  assert.deepEqual([asked.length, await driver.list()], [1, []])
})

test('two customers whose sessions have one number at one access server are told of each by itself', async t => {
  const { driver, again, asked } = scene(t)
  const mine = entry('kd1', 'a')
  const other = entry('kd2', 'a', { prefix: '192.0.2.8/32' })
  const users = () =>
    asked.map(({ attributes }) =>
      new TextDecoder().decode(attributes.find(({ type }) => type === ATTRIBUTES.userName)?.value),
    )
  await driver.apply([mine, other])
  assert.deepEqual(users().sort(), ['kd1', 'kd2'])
  await driver.revoke([other])
  assert.deepEqual([asked.length, users().at(-1)], [3, 'kd2'])
  assert.deepEqual(await again().list(), [mine])
})

test('two customers whose sessions have one number and one address are told of each by itself, where requests name users', async t => {
  const { driver, again, asked } = scene(t)
  const [mine, other] = [entry('kd1', 'a'), entry('kd2', 'a')]
  await driver.apply([mine])
  await driver.apply([other])
  assert.deepEqual(await again().list(), [mine, other])
  await driver.revoke([mine])
  assert.deepEqual([asked.length, await again().list()], [3, [other]])
  // Without users a request would meet the session of the other one.
  const byNumber = again({ identify: ['nas', 'session'] })
  await byNumber.apply([mine])
  assert.deepEqual(await byNumber.list(), [mine])
})

test('a name with a space is no other access server’s session', async t => {
  const { driver, asked } = scene(t, {
    servers: ['bng', 'bng a'].map(nas => ({ nas, address: '127.0.0.1', port: 3799, secret: 's' })),
  })
  const mine = entry('kd1', 'a b')
  const session = { nas: 'bng a', id: 'b', user: 'kd1' }
  const other = entry('kd1', 'b', { prefix: '192.0.2.8/32', session })
  await driver.apply([mine, other])
  assert.equal(asked.length, 2)
  await driver.revoke([other])
  assert.equal(asked.length, 3)
  assert.deepEqual(await driver.list(), [mine])
})

test('a request meets one session where it names its number and its user', t => {
  const { driver, again } = scene(t)
  const mine = entry('kd1', 'a')
  assert.equal(driver.meetsOne?.(mine), true)
  assert.equal(driver.meetsOne?.({ session: { ...mine.session, user: '' } }), false)
  assert.equal(again({ identify: ['nas', 'session', 'address'] }).meetsOne?.(mine), false)
  assert.equal(again({ identify: ['user', 'address'] }).meetsOne?.(mine), false)
})
