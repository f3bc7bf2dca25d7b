// Orders on the control socket and in the portal: refused with 400 and a sentence that names the field, never half understood.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { consoleApp, type ConsoleParts } from '../../src/doors/http/console-app.ts'
import { READS } from '../../src/doors/http/reads.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { GivenOrder } from '../../src/model/order.ts'
import { CONTRACTS, type OrderKind } from '../../src/orders/contract/orders.ts'
import { parseFields } from '../../src/orders/parse-order.ts'
import { NOT_AFTER } from '../../src/orders/problem.ts'
import { badOrders, GOOD } from '../support/orders.ts'

type Failure = { error?: { code: string; message: string; field?: string } }

/** Nobody reads here: it is about orders. */
const NOTHING_TO_READ = {
  reading: {} as ConsoleParts['reading'],
  refusals: {
    find: async () => undefined,
    about: async () => ({ rows: [], truncated: false, unreadable: [] }),
  },
  eventIndex: { find: async () => ({ events: [], truncated: false, unreadable: [] }) },
  operations: {} as ConsoleParts['operations'],
}

function socket(given: Partial<ConsoleParts> = {}) {
  const taken: GivenOrder[] = []
  const app = consoleApp({
    ...NOTHING_TO_READ,
    now: () => 7,
    trouble: () => undefined,
    command: async order => {
      taken.push(order)
      return { done: true, text: 'done' }
    },
    explain: async () => [],
    ...given,
  })
  const ask = async (path: string, init?: RequestInit) => {
    const response = await app.request(`http://localhost${path}`, init)
    return { status: response.status, body: (await response.json()) as Failure }
  }
  const post = (path: string, body: string, type = 'application/json') =>
    ask(path, { method: 'POST', body, headers: { 'content-type': type } })
  const order = (kind: string, fields: unknown) =>
    post(`/api/v1/orders/${kind}`, JSON.stringify(fields))
  return { ask, post, order, taken }
}

const STAFFS = CONTRACTS.filter(one => one.staffMay)

test('every order that is well said is taken, and given by whoever gives it', async () => {
  const { order, post, taken } = socket()
  for (const { kind } of STAFFS) {
    assert.equal((await order(kind, GOOD[kind])).status, 200, kind)
    assert.deepEqual(taken.at(-1), {
      order: { ...GOOD[kind], kind },
      actor: { kind: 'staff', name: 'control socket' },
      at: 7,
    })
  }
  await post('/api/v1/orders/flush-queue?by=n%C3%A4chtens', '{}')
  assert.deepEqual(taken.at(-1)?.actor, { kind: 'staff', name: 'nächtens' })
  assert.equal((await post('/api/v1/orders/flush-queue?by=', '{}')).status, 400)
  assert.equal((await post('/api/v1/orders/flush-queue?who=eve', '{}')).body.error?.field, 'who')
})

test('an order that is none is answered 400 with the field and a sentence', async () => {
  const { order, taken } = socket()
  for (const { kind, fields, field } of badOrders()) {
    if (!STAFFS.some(one => one.kind === kind)) continue
    const { status, body } = await order(kind, fields)
    const shown = `${kind} ${JSON.stringify(fields).slice(0, 200)}: ${JSON.stringify(body)}`
    const large = JSON.stringify(fields).length > 65_536
    assert.ok(status === 400 || (large && status === 413), shown)
    if (status === 413) continue
    assert.equal(body.error?.code, 'invalid', shown)
    assert.ok(body.error?.field?.startsWith(field ?? '') ?? field === undefined, shown)
    assert.match(body.error?.message ?? '', /^[A-Z].*[.!]$/, shown)
  }
  assert.deepEqual(taken, [])
})

test('whether there is a letter is said as a boolean, or in words', async () => {
  const { order, taken } = socket()
  for (const [letter, is] of [
    [false, false],
    ['no', false],
    [true, true],
    ['yes', true],
  ] as const) {
    assert.equal((await order('impose', { ...GOOD.impose, letter })).status, 200)
    assert.equal((taken.at(-1)?.order as { letter?: unknown } | undefined)?.letter, is)
  }
  for (const letter of ['maybe', 0, null])
    assert.match(
      (await order('impose', { ...GOOD.impose, letter })).body.error?.message ?? '',
      /^Write true or false/,
    )
})

test('the control socket answers in JSON whatever name it is called by; on the network a name is asked for', async () => {
  const { status, body } = await socket().ask('/api/v1/nothing', { headers: { host: 'x' } })
  assert.deepEqual([status, body.error?.code], [404, 'not-found'])
  const staff = { ...NOTHING_TO_READ, now: () => 7, trouble: () => undefined }
  const seen = await consoleApp(staff).request('http://x/', { headers: { host: 'x' } })
  assert.equal(seen.status, 421)
  assert.match(await seen.text(), /^Not by that name\. .*http\.console\.names/)
})

test('what comes when nobody waits for it any more is not done', async () => {
  const { ask, taken } = socket()
  const given = (notAfter: number) =>
    ask('/api/v1/orders/flush-queue', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', [NOT_AFTER]: String(notAfter) },
    })
  const { status, body } = await given(Date.now() - 5000)
  assert.equal(status, 409)
  assert.match(body.error?.message ?? '', /^Not done: the client stopped waiting \d+ s ago\.$/)
  assert.deepEqual(taken, [])
  assert.equal((await given(Date.now() + 600_000)).status, 200)
  assert.equal(taken.length, 1)
})

test('a field that is given twice is refused: which of the two was looked at on the way is unknown', async () => {
  const reload = () => assert.fail('was done')
  const { ask, post, taken } = socket({ reload, explain: async () => assert.fail('was asked') })
  for (const [path, body, place] of [
    ['/orders/release', '{"incident":"a","incident":"b"}', 'column 17'],
    ['/explain', '{"client":{"port":1},"client":{"port":2}}', 'column 22'],
    ['/reload', '{"despite":"a","dryRun":true,"dryRun":false}', 'column 30'],
    ['/orders/open-lease', '{"lease":{"to":1,"to":2}}', 'column 18'],
  ] as const) {
    const { status, body: said } = await post(`/api/v1${path}`, body)
    assert.deepEqual([status, said.error?.code], [400, 'invalid'], path)
    assert.match(said.error?.message ?? '', /^The key "[a-zR]+" stands twice in one object, again/)
    assert.ok(said.error?.message.endsWith(`line 1, ${place}. Write each key once.`))
  }
  const two = await post('/api/v1/orders/flush-queue?by=anna&by=eve', '{}')
  assert.equal(two.status, 400)
  assert.deepEqual(two.body.error, {
    code: 'invalid',
    field: 'by',
    message: 'It is given more than once. Write it once.',
  })
  const read = await ask('/api/v1/incidents?limit=1&limit=2')
  assert.deepEqual([read.status, read.body.error?.field], [400, 'limit'])
  assert.deepEqual(taken, [])
})

test('what is no order, no JSON, too much or refused', async () => {
  const { order, post, taken } = socket()
  assert.match((await order('banana', {})).body.error?.message ?? '', /no order banana\..*release/)
  assert.equal((await order('banana', {})).status, 404)
  assert.equal((await order('begin-factor', {})).status, 409)
  for (const text of ['', '{', '[', '{"a":}', '{} {}'])
    assert.equal((await post('/api/v1/orders/flush-queue', text)).body.error?.code, 'not-json')
  for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
    assert.equal((await post('/api/v1/orders/flush-queue', '{}', type)).status, 415)
  const large = JSON.stringify({ incident: 'x'.repeat(70_000) })
  assert.equal((await post('/api/v1/orders/release', large)).status, 413)
  assert.deepEqual(taken, [])
  const says = socket({ command: async () => ({ done: false, text: 'No.' }) })
  assert.deepEqual(await says.order('flush-queue', {}), {
    status: 409,
    body: { error: { code: 'refused', message: 'No.' } },
  })
  const full = socket({ command: () => Promise.reject(new StoreUnavailable('full')) })
  assert.equal((await full.order('flush-queue', {})).status, 503)
  const broken = socket({ command: () => Promise.reject(new Error('a secret')) })
  const answer = await broken.order('flush-queue', {})
  assert.equal(answer.status, 500)
  assert.ok(!JSON.stringify(answer).includes('a secret'))
})

test('nothing random is taken unless it is an order', async () => {
  const { order, taken } = socket()
  const kinds = STAFFS.map(one => one.kind)
  const near = fc.constantFrom(...kinds).chain((kind: OrderKind) =>
    fc
      .dictionary(fc.constantFrom('hours', ...Object.keys(GOOD[kind])), fc.jsonValue(), {
        maxKeys: 2,
      })
      .map(wrong => [kind, { ...GOOD[kind], ...wrong }] as const),
  )
  const far = fc.tuple(fc.constantFrom(...kinds), fc.jsonValue())
  await fc.assert(
    fc.asyncProperty(fc.oneof(near, far), async ([kind, fields]) => {
      const before = taken.length
      const { status } = await order(kind, fields)
      const asSent: unknown = JSON.parse(JSON.stringify(fields))
      const good = 'order' in parseFields(kind, asSent)
      assert.equal(status, good ? 200 : 400)
      assert.equal(taken.length - before, good ? 1 : 0)
    }),
    { numRuns: 500 },
  )
})

test('questions are looked at as well: an unknown or impossible one is no question', async () => {
  const { ask, post } = socket()
  for (const [path, field] of [
    ['/who', 'address'],
    ['/who?address=banana', 'address'],
    ['/who?address=192.0.2.1&at=now', 'at'],
    ['/who?address=192.0.2.1&port=70000', 'port'],
    ['/queue?state=lost', 'state'],
    ['/incidents?open=1', 'open'],
    ['/events/line:1?since=now', 'since'],
    ['/events/line:1?limit=0', 'limit'],
    ['/drivers?x', 'x'],
  ] as const) {
    const { status, body } = await ask(`/api/v1${path}`)
    assert.equal(status, 400, path)
    assert.equal(body.error?.field, field)
  }
  const step = {
    session: 'x',
    listener: 'inbound',
    stage: 'helo',
    at: 0,
    client: { realm: 'main', address: '192.0.2.1', port: 1 },
    tls: false,
  }
  assert.equal((await post('/api/v1/explain', JSON.stringify(step))).status, 200)
  for (const wrong of [{ stage: 'message' }, { client: {} }, { at: 'now' }, { banana: 1 }])
    assert.equal((await post('/api/v1/explain', JSON.stringify({ ...step, ...wrong }))).status, 400)
})

test('the network only reads', async () => {
  const {
    command: _command,
    explain: _explain,
    ...rest
  } = {
    ...NOTHING_TO_READ,
    now: () => 0,
    trouble: () => undefined,
    command: undefined,
    explain: undefined,
  }
  const app = consoleApp(rest)
  for (const path of ['explain', ...STAFFS.map(one => `orders/${one.kind}`)])
    assert.equal(
      (await app.request(`http://localhost/api/v1/${path}`, { method: 'POST', body: '{}' })).status,
      404,
    )
  const document = await (await app.request('http://localhost/api/v1/openapi.json')).text()
  assert.ok(!document.includes('/orders/'))
})

type ApiPage = { paths: Record<string, Record<string, Operation>>; components: unknown }
type Operation = {
  summary: string
  requestBody?: { content: { 'application/json': { schema: Body } } }
  responses: object
}
type Body = { type: string; additionalProperties: boolean; required?: string[]; properties: object }

test('the OpenAPI document names every path, and no others', async () => {
  const { ask } = socket()
  const { paths } = (await ask('/api/v1/openapi.json')).body as unknown as ApiPage
  assert.deepEqual(
    Object.keys(paths).toSorted(),
    [
      ...READS.map(one => `/api/v1${one.path}`),
      '/api/v1/explain',
      '/api/v1/reload',
      ...STAFFS.map(one => `/api/v1/orders/${one.kind}`),
    ].toSorted(),
  )
  for (const { kind } of STAFFS) {
    const { requestBody, summary } = (paths[`/api/v1/orders/${kind}`] ?? {})['post'] as Operation
    const schema = requestBody?.content['application/json'].schema as Body
    assert.ok(summary.length > 5)
    assert.equal(schema.type, 'object')
    assert.equal(schema.additionalProperties, false, `${kind} takes unknown fields`)
    for (const name of schema.required ?? []) assert.ok(name in GOOD[kind], `${kind}.${name}`)
    for (const name of Object.keys(GOOD[kind])) assert.ok(name in schema.properties)
  }
  const refs = [...JSON.stringify(paths).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
  assert.deepEqual(new Set(refs.map(one => one[1])), new Set(['Error', 'Outcome']))
})
