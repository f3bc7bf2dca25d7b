// Customers who are taken out, by a reload or by a list of all customers: their cases end, and with them what is enforced. Chores stand still
// here: what happens, happens because of the change itself, but where the test says otherwise.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../../src/drivers/clock/clocks.ts'
import { DAY } from '../../src/model/duration.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { OrderOf } from '../../src/orders/contract/orders.ts'
import { type Scene, reloadScene } from '../support/reload-scene.ts'
import { eventually } from '../support/serve.ts'

/** So long that no chore comes round. */
const NEVER = 20 * DAY
const clock = { ...systemClock, real: () => NEVER }

type StateChange = Readonly<Record<'prefix' | 'subscriber' | 'state', string>>

/** A router that tells what it was asked for. */
async function router(t: TestContext) {
  const told: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', chunk => (body += chunk))
    request.on('end', () => {
      const { changes } = JSON.parse(body) as { readonly changes: readonly StateChange[] }
      for (const { prefix, subscriber, state } of changes)
        told.push(`${prefix} ${subscriber} ${state}`)
      response.writeHead(204).end()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const bound = server.address()
  return { told, port: typeof bound === 'object' ? (bound?.port ?? 0) : 0 }
}

type House = { readonly customers: readonly string[]; readonly leases: Record<string, string> }

async function scene(t: TestContext, house: House) {
  const { told, port } = await router(t)
  const config =
    ({ customers, leases }: House) =>
    (folder: string) => ({
      hostname: 'mail.isp.example',
      domains: ['isp.example'],
      dataFolder: folder,
      log: 'silent',
      holdDelivery: true,
      leaseSkew: '0s',
      listeners: [{ kind: 'submission', port: 0 }],
      http: { console: { port: 0 }, portal: { port: 0 } },
      webhooks: [{ url: `http://127.0.0.1:${port}/`, secret: 'a secret of sixteen' }],
      subscribers: customers.map(id => ({ id, logins: [{ name: `${id}@isp.example` }] })),
      leases: Object.entries(leases).map(([prefix, subscriber]) => ({ prefix, subscriber })),
    })
  const opened = await reloadScene(config(house), { clock })
  t.after(opened.end)
  return { ...opened, told, reload: (next: House) => opened.reload(config(next)(opened.folder)) }
}

async function given({ cordon }: Scene, order: OrderOf<'impose'> | OrderOf<'take-feed'>) {
  const actor = { kind: 'staff', name: 'the test' } as const
  const { done, text } = await cordon.engine.command({ order, actor, at: Date.now() })
  assert.equal(done, true, text)
}

const impose = (there: Scene, subject: string, decision: 'isolate' | 'stop-login' | 'suspend') =>
  given(there, { kind: 'impose', subject, decision, hours: 24, why: 'a test', letter: false })

/** Which decisions on whom have ended, and why. */
const ended = ({ events }: Scene) =>
  events
    .flatMap(one =>
      one.kind === 'decision-ended' ? [`${one.subject} ${one.what} ${one.endedBy}`] : [],
    )
    .toSorted()

const statuses = ({ events }: Scene) =>
  new Map(
    events.flatMap(one =>
      one.kind === 'incident-changed' || one.kind === 'incident-opened'
        ? [[one.subject, one.status] as const]
        : [],
    ),
  )

const first = (there: Scene) =>
  eventually(() => (ended(there).length > 0 ? ended(there) : undefined), 20)

test('a customer who is gone at a reload: what closes the line ends, it is opened, and others stay as they are', async t => {
  const anna = { '192.0.2.7': 'anna' }
  const there = await scene(t, {
    customers: ['anna', 'bert'],
    leases: { ...anna, '192.0.2.8': 'bert' },
  })
  await impose(there, 'line:anna', 'isolate')
  await impose(there, 'line:bert', 'isolate')
  await impose(there, 'login:bert@isp.example', 'stop-login')
  await there.reload({ customers: ['anna'], leases: anna })
  assert.deepEqual(await first(there), ['line:bert isolate customer-gone'])
  await eventually(() => there.told.includes('192.0.2.8/32 bert default') || undefined)
  const now = statuses(there)
  assert.equal(now.get('line:bert'), 'probation')
  assert.equal(now.get('login:bert@isp.example'), 'contained')
  assert.equal(now.get('line:anna'), 'contained')
  assert.equal(there.told.includes('192.0.2.7/32 anna default'), false)
})

test('a customer whom a list of all customers does not have: the same; a login stays stopped, also when another has it', async t => {
  const there = await scene(t, { customers: ['anna'], leases: {} })
  const customer = (id: string, login = id) => ({
    id,
    plan: 'consumer' as const,
    flags: [],
    language: 'en',
    contacts: [],
    logins: [{ name: `${login}@isp.example`, addresses: [`${login}@isp.example`] }],
  })
  const feed = (...subscribers: readonly ReturnType<typeof customer>[]) =>
    given(there, { kind: 'take-feed', subscribers, keep: [], despite: 'a test' })
  await feed(customer('carl'), customer('dora'), customer('emil'))
  for (const id of ['carl', 'dora']) {
    await impose(there, `line:${id}`, 'isolate')
    await impose(there, `login:${id}@isp.example`, 'stop-login')
  }
  // Dora has a new number.
  await feed(customer('dora-2', 'dora'), customer('emil'))
  await eventually(() => (ended(there).length > 1 ? true : undefined), 20)
  assert.deepEqual(ended(there), [
    'line:carl isolate customer-gone',
    'line:dora isolate customer-gone',
  ])
  for (const id of ['carl', 'dora'])
    assert.equal(statuses(there).get(`login:${id}@isp.example`), 'contained')
})

test('who is missing from one list is stopped and suspended as before when the next one has them', async t => {
  const there = await scene(t, { customers: ['anna'], leases: {} })
  const customer = (id: string, logins: readonly string[] = [`${id}@isp.example`]) => ({
    id,
    plan: 'consumer' as const,
    flags: [],
    language: 'en',
    contacts: [],
    logins: logins.map(name => ({ name, addresses: [name] })),
  })
  const feed = (...subscribers: readonly ReturnType<typeof customer>[]) =>
    given(there, { kind: 'take-feed', subscribers, keep: [], despite: 'a test' })
  const all = () => feed(customer('carl'), customer('dora'), customer('emil'))
  const inForce = async () => {
    const { rows } = await there.ask<{ rows: Incident[] }>('/api/v1/incidents')
    return rows
      .map(({ subject, decision, status, epoch }) => `${subject} ${decision} ${status} ${epoch}`)
      .filter(one => !one.startsWith('line:emil'))
      .toSorted()
  }
  await all()
  await impose(there, 'login:carl@isp.example', 'stop-login')
  await impose(there, 'line:dora', 'suspend')
  await impose(there, 'line:emil', 'isolate')
  const before = await inForce()
  assert.equal(before.length, 2)
  // A list without its logins, one without two of three, and one without a customer: then the right one again.
  await feed(customer('carl', []), customer('dora', []), customer('emil', []))
  await feed(customer('dora'))
  await first(there)
  await all()
  assert.deepEqual(ended(there), ['line:emil isolate customer-gone'])
  assert.deepEqual(await inForce(), before)
})

test('who takes an isolated line’s address over at a reload is not closed: the network is brought in line at once', async t => {
  const customers = ['anna', 'bert']
  const there = await scene(t, { customers, leases: { '192.0.2.7': 'anna' } })
  // Bert has an address that the file does not name; it gives it to Anna then.
  await there.cordon.engine.moveLeases([
    { kind: 'open', lease: { realm: 'main', prefix: '192.0.2.8/32', subscriber: 'bert', from: 1 } },
  ])
  await impose(there, 'line:bert', 'isolate')
  await eventually(() => there.told.includes('192.0.2.8/32 bert isolated') || undefined)
  await there.reload({ customers, leases: { '192.0.2.7': 'anna', '192.0.2.8': 'anna' } })
  await eventually(() => there.told.includes('192.0.2.8/32 bert default') || undefined, 20)
  assert.deepEqual(ended(there), [])
})
