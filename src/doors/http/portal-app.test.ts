import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import type { GivenOrder } from '../../model/order.ts'
import { GOOD } from '../../../test/support/orders.ts'
import { CONTRACTS } from '../../orders/contract/orders.ts'
import { foreignWords } from '../../../test/support/small-words.ts'
import { type OrderOutcome, REFUSALS } from '../../model/order.ts'
import type { Language } from '../../model/subscriber.ts'
import type { QueueFilter } from '../../ports/spool.ts'
import { portalApp, type PortalParts } from './portal-app.ts'
import { openHttpDoor } from './server.ts'

const ANNA = bareCustomer('anna')

async function portal(proxies: readonly string[]) {
  const given: GivenOrder[] = []
  const sources: string[] = []
  const marks = new Map([['anna', 'hash of right']])
  const told: string[] = []
  /** What comes of the next orders, instead of done. */
  const answers: OrderOutcome[] = []
  const parts: PortalParts = {
    reading: {
      incidents: async () => [],
      queue: async ({ message, state }: QueueFilter) => ({
        rows: message !== undefined && state === 'held' ? [{ message }] : [],
      }),
      subscriber: () => ANNA,
      appPasswords: () => [],
      optOuts: () => [],
      hasFactor: () => false,
    } as unknown as PortalParts['reading'],
    command: async order => {
      given.push(order)
      return answers.shift() ?? { done: true, text: 'done' }
    },
    credentials: {
      verifyPortal: async (_who, password) => password === 'right',
      portalMark: who => marks.get(who),
    },
    factors: { has: () => false, check: async () => 'wrong' },
    brake: {
      attempt: async ({ client }, look) => {
        sources.push(client.address)
        return { outcome: await look({ lane: 'rest', from: 'x' }, 'elsewhere') }
      },
    },
    report: () => undefined,
    now: () => 0,
    trouble: words => void told.push(words),
    provider: 'Example Net',
    language: 'en',
    timeZone: () => 'UTC',
    proxies,
    why: {} as PortalParts['why'],
  }
  const troubles: unknown[] = []
  const trouble = (error: unknown) => void troubles.push(error)
  const door = await openHttpDoor(portalApp(parts), { address: '127.0.0.1', port: 0 }, { trouble })
  const url = `http://127.0.0.1:${door.port}`
  const send = (path: string, form: Record<string, string>, headers: Record<string, string>) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers,
      redirect: 'manual',
    })
  /** What the engine is told of the place of the customer. */
  const from = async (forwarded: string | undefined) => {
    const headers: Record<string, string> =
      forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    const login = await send('/login', { customer: 'anna', password: 'right' }, headers)
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await (await fetch(url, { headers: { cookie } })).text()
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
    const done = await send(
      '/order',
      { token, order: 'confirm-factor', factor: '123456' },
      { ...headers, cookie },
    )
    assert.equal(done.status, 303)
    const last = given.at(-1)
    assert.ok(last?.order.kind === 'confirm-factor' && last.actor.kind === 'owner')
    return last.actor.from
  }
  /** Logged in: what comes of a form. */
  const enter = async () => {
    const login = await send('/login', { customer: 'anna', password: 'right' }, {})
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await (await fetch(url, { headers: { cookie } })).text()
    const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
    return async (order: string, form: Record<string, string>) => {
      const answer = await send('/order', { token, order, ...form }, { cookie })
      const said = /role="status">([^<]*)</.exec(await answer.text())?.[1]
      return { status: answer.status, said: said ?? '' }
    }
  }
  return { door, told, answers, url, from, sources, given, send, enter, marks, troubles }
}

/** An order's fields as a form of the portal says them. */
function formOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const {
    scopes = [],
    destinations,
    ...rest
  } = fields as Record<string, string> & {
    scopes?: string[]
    destinations?: string[]
  }
  const ticked = Object.fromEntries(scopes.map(scope => [scope, 'on']))
  return {
    ...rest,
    ...ticked,
    ...(destinations === undefined ? {} : { destinations: destinations.join(' ') }),
  }
}

test('every order that an owner may give can be said in a form, and no other', async t => {
  const { door, enter, given } = await portal([])
  t.after(() => door.close())
  const say = await enter()
  for (const { kind, ownerMay } of CONTRACTS) {
    const before = given.length
    const { status } = await say(kind, ownerMay ? formOf(GOOD[kind]) : {})
    assert.equal(status, ownerMay ? 303 : 400, kind)
    if (!ownerMay) assert.equal(given.length, before)
    else assert.deepEqual(given.at(-1)?.order, { ...GOOD[kind], kind })
  }
  assert.equal((await say('banana', {})).status, 400)
  assert.equal((await say('__proto__', {})).status, 400)
})

test('a form that is no order is answered with a sentence that names the field', async t => {
  const { door, enter, given } = await portal([])
  t.after(() => door.close())
  const say = await enter()
  const name = 'x'.repeat(300)
  for (const [kind, wrong, field] of [
    ['change-password', { password: 'short' }, 'password'],
    ['change-password', { password: 'x'.repeat(2000) }, 'password'],
    ['add-app-password', { send: '' }, 'scopes'],
    ['add-app-password', { label: ' ' }, 'label'],
    ['add-app-password', { everything: 'on' }, 'everything'],
    ['confirm-factor', { factor: 'banana' }, 'factor'],
    ['ask-opt-out', { optOut: 'banana' }, 'optOut'],
    ['ask-opt-out', { serverName: name }, 'serverName'],
    ['ask-opt-out', { destinations: 'x,'.repeat(200) }, 'destinations'],
    ['confirm-opt-out', { proof: '' }, 'proof'],
    ['renew-opt-out', { factor: '' }, 'factor'],
    ['release', { incident: '' }, 'incident'],
    ['release', { incident: name }, 'incident'],
    ['purge-message', { message: 'two\nlines' }, 'message'],
    ['begin-factor', { subscriber: 'bert' }, 'subscriber'],
  ] as const) {
    const { status, said } = await say(kind, { ...formOf(GOOD[kind]), ...wrong })
    assert.equal(status, 400, `${kind} ${JSON.stringify(wrong)}`)
    assert.ok(said.startsWith(`${field}: `), `${kind}: ${said}`)
  }
  assert.deepEqual(given, [])
})

test('a field that stands twice in a form is refused: a page that was tampered with asks for two things', async t => {
  const { door, url, given, troubles } = await portal([])
  t.after(() => door.close())
  for (const path of ['/login', '/order']) {
    const body = new URLSearchParams('customer=anna&password=right&customer=bert')
    const answer = await fetch(`${url}${path}`, { method: 'POST', body, redirect: 'manual' })
    assert.equal(answer.status, 400, path)
    assert.equal(await answer.text(), 'The field customer stands twice in this form.')
  }
  assert.deepEqual([given, troubles], [[], []])
})

test('the place of the customer: the last address that a proxy of ours says, and nothing that a client could have written', async t => {
  const behind = await portal(['127.0.0.1'])
  t.after(() => behind.door.close())
  const expected = { realm: 'main', address: '198.51.100.2', port: 0 }
  assert.deepEqual(await behind.from('198.51.100.2'), expected)
  assert.deepEqual(await behind.from('203.0.113.9, 198.51.100.2, 127.0.0.1'), expected)
  assert.equal((await behind.from(undefined)).address, '127.0.0.1')
  assert.equal((await behind.from('198.51.100.2, nonsense')).address, '127.0.0.1')
  assert.equal((await behind.from('2001:DB8:100::2')).address, '2001:db8:100::2')
  assert.equal(behind.sources[0], '198.51.100.2')
  const direct = await portal([])
  t.after(() => direct.door.close())
  const { address, port } = await direct.from('198.51.100.2')
  assert.equal(address, '127.0.0.1')
  assert.ok(port > 0)
})

test('every page says that nothing of it is framed, kept, guessed at or loaded from elsewhere', async t => {
  const { door, url } = await portal([])
  t.after(() => door.close())
  for (const path of ['/', '/nothing-here']) {
    const { headers } = await fetch(`${url}${path}`)
    assert.match(
      headers.get('content-security-policy') ?? '',
      /default-src 'none'.*frame-ancestors 'none'/,
    )
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  }
})

test('a form needs the token of its session, and a session the password', async t => {
  const { door, send, given } = await portal([])
  t.after(() => door.close())
  assert.equal((await send('/login', { customer: 'anna', password: 'wrong' }, {})).status, 401)
  const login = await send('/login', { customer: 'anna', password: 'right' }, {})
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  assert.equal(
    (await send('/order', { token: 'x', order: 'begin-factor' }, { cookie })).status,
    403,
  )
  assert.equal((await send('/order', { token: '', order: 'begin-factor' }, {})).status, 303)
  assert.deepEqual(given, [])
})

test('a session ends with its portal password, and with its customer', async t => {
  const { door, enter, given, marks } = await portal([])
  t.after(() => door.close())
  for (const now of ['hash of another', undefined]) {
    marks.set('anna', 'hash of right')
    const say = await enter()
    assert.equal((await say('begin-factor', {})).status, 303)
    assert.equal(given.splice(0).length, 1)
    if (now === undefined) marks.delete('anna')
    else marks.set('anna', now)
    // As without a session: to the login.
    assert.equal((await say('begin-factor', {})).status, 303)
    assert.deepEqual(given, [])
  }
})

test('a page of another site spends none of the owner’s attempts', async t => {
  const { door, send, sources } = await portal([])
  t.after(() => door.close())
  const login = { customer: 'anna', password: 'guess' }
  for (const site of ['cross-site', 'same-site'])
    assert.equal((await send('/login', login, { 'sec-fetch-site': site })).status, 403, site)
  assert.deepEqual(sources, [])
  assert.equal((await send('/login', login, { 'sec-fetch-site': 'same-origin' })).status, 401)
  // Over plain HTTP browsers send Origin only.
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1'])
    assert.equal((await send('/login', login, { origin })).status, 403, origin)
  const origin = `http://127.0.0.1:${door.port}`
  assert.equal((await send('/login', login, { origin })).status, 401)
  assert.equal(sources.length, 2)
})

test('what is no form is the client’s mistake, and no trouble of ours', async t => {
  const { door, url, troubles } = await portal([])
  t.after(() => door.close())
  for (const path of ['/login', '/order'])
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=b']) {
      const headers = { 'content-type': type }
      const answer = await fetch(`${url}${path}`, { method: 'POST', body: 'x', headers })
      assert.deepEqual([answer.status, await answer.text()], [400, 'This form cannot be read.'])
    }
  assert.deepEqual(troubles, [])
})

test('several messages are sent or deleted with one button: one order for each, and nothing else', async t => {
  const { door, url, given, send } = await portal([])
  t.after(() => door.close())
  const login = await send('/login', { customer: 'anna', password: 'right' }, {})
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await (await fetch(url, { headers: { cookie } })).text()
  const token = /name="token" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const say = (fields: [string, string][]) =>
    fetch(`${url}/orders`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { cookie },
      redirect: 'manual',
    })
  const messages: [string, string][] = [
    ['message', 'M1'],
    ['message', 'M2'],
    ['message', 'M1'],
  ]
  for (const order of ['release-message', 'purge-message'] as const) {
    const before = given.length
    const done = await say([['token', token], ['order', order], ...messages])
    assert.equal(done.status, 303)
    const named = given.slice(before).map(({ order: one, actor }) => [one, actor.kind])
    assert.deepEqual(named, [
      [{ kind: order, message: 'M1' }, 'owner'],
      [{ kind: order, message: 'M2' }, 'owner'],
    ])
    const said = await (await fetch(url, { headers: { cookie } })).text()
    assert.match(
      said,
      order === 'release-message' ? /2 messages are on the way/ : /2 messages are deleted/,
    )
  }
  const so = given.length
  assert.equal((await say([['token', 'x'], ['order', 'purge-message'], ...messages])).status, 403)
  for (const order of ['change-password', 'release', 'flush-queue', 'toString', ''])
    assert.equal((await say([['token', token], ['order', order], ...messages])).status, 400, order)
  assert.equal(
    (
      await say([
        ['token', token],
        ['order', 'purge-message'],
      ])
    ).status,
    400,
  )
  assert.equal(given.length, so)
})

test('behind a proxy with TLS the cookie is for TLS alone; of others the word for it is not believed', async t => {
  for (const { proxies, header, secure } of [
    { proxies: ['127.0.0.1'], header: 'https', secure: true },
    { proxies: ['127.0.0.1'], header: 'http', secure: false },
    { proxies: ['127.0.0.1'], header: undefined, secure: false },
    { proxies: [], header: 'https', secure: false },
  ]) {
    const { door, send } = await portal(proxies)
    t.after(() => door.close())
    const more: Record<string, string> = header === undefined ? {} : { 'x-forwarded-proto': header }
    const login = await send('/login', { customer: 'anna', password: 'right' }, more)
    const cookie = login.headers.get('set-cookie') ?? ''
    assert.match(cookie, /HttpOnly/)
    assert.equal(/; Secure/.test(cookie), secure, `${header}`)
  }
})

test('of a proxy that does not say whether a browser speaks TLS the operator is told, once', async t => {
  for (const { headers, says } of [
    { headers: { 'x-forwarded-for': '192.0.2.7' }, says: 1 },
    { headers: { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'http' }, says: 0 },
    { headers: {}, says: 0 },
  ]) {
    const { door, send, told } = await portal(['127.0.0.1'])
    t.after(() => door.close())
    for (let i = 0; i < 2; i++)
      await send('/login', { customer: 'anna', password: 'right' }, headers)
    assert.equal(told.length, says, JSON.stringify(headers))
    if (says > 0) assert.match(told[0] ?? '', /127\.0\.0\.1 .*no X-Forwarded-Proto/)
  }
})

test('why an order is refused is said in the language of its owner, and in no other', async t => {
  const { door, url, send, answers } = await portal([])
  t.after(() => door.close())
  const login = await send('/login', { customer: 'anna', password: 'right' }, {})
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = async (language: string) => {
    const headers = { cookie, 'accept-language': language }
    const text = await (await fetch(url, { headers })).text()
    return {
      token: /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '',
      said: /role="status">([^<]*)</.exec(text)?.[1] ?? '',
    }
  }
  for (const language of ['de', 'fr']) {
    const { token } = await page(language)
    const seen = new Set<string>()
    for (const why of [...REFUSALS, undefined]) {
      const refused = { done: false, text: 'Please look at the server and the code.' } as const
      answers.push(why === undefined ? refused : { ...refused, why })
      const form = { token, order: 'purge-message', message: 'M1' }
      await send('/order', form, { cookie, 'accept-language': language })
      const { said } = await page(language)
      assert.deepEqual(foreignWords(language as Language, said), [], said)
      assert.ok(said.length > 20 && !seen.has(said), `${language} ${why}: ${said}`)
      seen.add(said)
    }
  }
  // In English the engine's own words say more, but for the number of a message that its owner does not know.
  const { token } = await page('en')
  for (const [why, words] of [
    ['server-open', /^Your server at 192\.0\.2\.7 /],
    ['not-held', /^This message does not wait any more/],
  ] as const) {
    answers.push({ done: false, text: 'Your server at 192.0.2.7 sends mail on.', why })
    await send('/order', { token, order: 'purge-message', message: 'M1' }, { cookie })
    assert.match((await page('en')).said, words)
  }
})
