// Who leaves takes their keys along: passwords, app passwords, the second factor and live sessions, whichever way they leave. Whoever is given
// the address or the number next has nobody else's keys in the door.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { codeAt, stepOf } from '../../src/drivers/credentials/totp.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import type { Order } from '../../src/orders/contract/orders.ts'
import { reloadScene, type Scene } from '../support/reload-scene.ts'
import { type SmtpTalk, talk } from '../support/smtp-talk.ts'

const LOGIN = 'rosa@isp.example'
const PASSWORD = 'a password that rosa alone knows'
const FROM = { realm: 'main', address: '127.0.0.1', port: 40_000 }

type Customer = { readonly id: string; readonly login?: string }

async function scene(t: TestContext, customers: readonly Customer[] = []) {
  const config = (named: readonly Customer[]) => (folder: string) => ({
    hostname: 'mail.isp.example',
    domains: ['isp.example'],
    dataFolder: folder,
    log: 'silent',
    holdDelivery: true,
    leaseSkew: '0s',
    listeners: [{ kind: 'submission', port: 0 }],
    http: { console: { port: 0 }, portal: { port: 0 } },
    subscribers: [{ id: 'anna', logins: [{ name: 'anna@isp.example' }] }, ...named.map(written)],
  })
  const there = await reloadScene(config(customers))
  t.after(there.end)
  // The only listener there is.
  const submission = there.inbound
  return {
    ...there,
    submission,
    reload: (next: readonly Customer[]) => there.reload(config(next)(there.folder)),
  }
}

const written = ({ id, login }: Customer) => ({
  id,
  logins: login === undefined ? [] : [{ name: login }],
})

const told = ({ id, login }: Customer): Subscriber => ({
  id,
  plan: 'consumer',
  flags: [],
  language: 'en',
  contacts: [],
  logins: login === undefined ? [] : [{ name: login, addresses: [login] }],
})

async function give({ cordon }: Scene, order: Order, owner?: string) {
  const actor =
    owner === undefined
      ? ({ kind: 'staff', name: 'the test' } as const)
      : ({ kind: 'owner', subscriber: owner, from: FROM } as const)
  return cordon.engine.command({ order, actor, at: Date.now() })
}

async function mustDo(there: Scene, order: Order, owner?: string): Promise<string> {
  const outcome = await give(there, order, owner)
  assert.equal(outcome.done, true, outcome.text)
  return outcome.done ? (outcome.secret ?? '') : ''
}

const feed = (there: Scene, ...customers: readonly Customer[]) =>
  mustDo(there, {
    kind: 'take-feed',
    subscribers: customers.map(told),
    keep: [],
    despite: 'a test',
  })

async function login(port: number, name: string, secret: string) {
  const session = await talk(port)
  await session.say('EHLO home.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO home.example\r\n')
  const plain = Buffer.from(`\0${name}\0${secret}`).toString('base64')
  return { session, code: (await session.say(`AUTH PLAIN ${plain}\r\n`)).slice(0, 3) }
}

/** Rosa has one of every kind of key, and is logged in. */
async function withKeys(there: Scene): Promise<{ app: string; session: SmtpTalk }> {
  await mustDo(there, { kind: 'change-password', login: LOGIN, password: PASSWORD })
  const app = await mustDo(there, {
    kind: 'add-app-password',
    login: LOGIN,
    label: 'phone',
    scopes: ['send'],
  })
  await mustDo(there, {
    kind: 'open-lease',
    lease: { realm: 'main', prefix: '127.0.0.1/32', subscriber: 'rosa', from: 1 },
  })
  const secret = await mustDo(there, { kind: 'begin-factor' }, 'rosa')
  const factor = codeAt(secret, stepOf(Date.now()))
  await mustDo(there, { kind: 'confirm-factor', factor }, 'rosa')
  for (const key of [PASSWORD, app]) {
    const { code, session } = await login(there.submission, LOGIN, key)
    assert.equal(code, '235')
    if (key === app) return { app, session }
    session.end()
  }
  throw new Error('not reached')
}

async function mustHaveNone(there: Scene, app: string): Promise<void> {
  for (const key of [PASSWORD, app]) {
    const { code, session } = await login(there.submission, LOGIN, key)
    assert.equal(code, '535')
    session.end()
  }
}

/** The session is told that it ends, or has ended. */
const isCut = (session: SmtpTalk): Promise<boolean> =>
  session.say('NOOP\r\n').then(
    reply => reply.startsWith('421'),
    () => true,
  )

const rosa = { id: 'rosa', login: LOGIN }
const emil = { id: 'emil', login: 'emil@isp.example' }
const heir = { id: 'heir', login: LOGIN }

type Leaving = Awaited<ReturnType<typeof scene>>
const WAYS: Readonly<Record<string, (there: Leaving) => Promise<unknown>>> = {
  'two lists': async there => {
    await feed(there, emil)
    await feed(there, emil, heir)
  },
  'one list': there => feed(there, heir, emil),
  'one list, and the customer stays': there => feed(there, { id: 'rosa' }, heir, emil),
  'a list, and then the file': async there => {
    await feed(there, emil)
    await there.reload([heir])
  },
}

for (const [way, leave] of Object.entries(WAYS))
  test(`whoever has the address of a customer who left by ${way} has none of their keys`, async t => {
    const there = await scene(t)
    await feed(there, rosa, emil)
    const { app, session } = await withKeys(there)
    await leave(there)
    assert.equal(await isCut(session), true)
    session.end()
    await mustHaveNone(there, app)
    const { apps } = await there.ask<{ apps: unknown[] }>('/api/v1/subscribers/heir')
    assert.deepEqual(apps, [])
    // With their number, too, unless it is theirs still.
    if (way.includes('stays')) return
    await feed(there, { id: 'rosa' }, emil)
    const { text } = await give(there, { kind: 'remove-factor', subscriber: 'rosa' })
    assert.equal(text, 'rosa has no second factor.')
  })

test('by a reload: the second factor goes with the number, too', async t => {
  const there = await scene(t, [rosa])
  const { app, session } = await withKeys(there)
  await there.reload([])
  assert.equal(await isCut(session), true)
  session.end()
  await there.reload([heir, { id: 'rosa' }])
  await mustHaveNone(there, app)
  const { text } = await give(there, { kind: 'remove-factor', subscriber: 'rosa' })
  assert.equal(text, 'rosa has no second factor.')
})
