// A line that staff isolate for an hour: what waits, what for as it is told, until when, and what a release sends.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Order } from '../../src/orders/contract/orders.ts'
import type { VirtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'
import { shipped } from '../support/shipped.ts'

const BERT = 'bert@isp.example'

/** Anna's Cordon, with what she sends and what staff order. */
async function annas(limits: Partial<(typeof shipped)['policy']['limits']['consumer']> = {}) {
  const { consumer } = shipped.policy.limits
  const cordon = await smallCordon(undefined, {
    limits: { ...shipped.policy.limits, consumer: { ...consumer, ...limits } },
  })
  const send = async (to: string, at: number): Promise<string | undefined> => {
    const draft = await cordon.engine.open({
      session: 's',
      listener: 'submission',
      at,
      client: { realm: 'main', address: '203.0.113.7', port: 4000 },
      tls: true,
      helo: 'x',
      login: 'anna@isp.example',
      sender: 'anna@isp.example',
      recipients: [to],
      extended: true,
      esmtp: {},
    })
    await draft.write(Buffer.from(`From: <anna@isp.example>\r\n\r\nGood morning ${at}\r\n`))
    const { verdict } = await draft.finish()
    await cordon.engine.idle()
    return verdict.kind
  }
  const order = async (given: Order, at: number): Promise<string> =>
    (await cordon.engine.command({ order: given, actor: { kind: 'staff', name: 'eve' }, at })).text
  const held = () => cordon.spool.list({ state: 'held' })
  const close = async () => {
    await cordon.engine.idle()
    await cordon.close()
  }
  return { ...cordon, send, order, held, close }
}

const ISOLATE = {
  kind: 'impose',
  subject: 'line:anna',
  decision: 'isolate',
  hours: 1,
  why: 'test by hand',
} as const

const codeOf = (journal: VirtualCordon['journal']): string =>
  journal.flatMap(one => (one.kind === 'incident-opened' ? [one.caseCode] : []))[0] ?? '?'

const found = (journal: VirtualCordon['journal']): string | undefined =>
  journal.flatMap(one => (one.kind === 'judged' && one.verdict === 'hold' ? [one] : [])).at(-1)
    ?.found

test('a message says which case it waits for, that staff decided it, and what it said', async t => {
  const { engine, journal, send, order, held, close } = await annas()
  t.after(close)
  await order(ISOLATE, NOW)
  assert.equal(await send('someone@far.example', NOW + MINUTE), 'hold')
  await engine.idle()
  const [row] = await held()
  const words = `case ${codeOf(journal)} (isolated by hand): message to 1 recipient, 1 never written to before`
  assert.equal(row?.why, `evidence: ${words}`)
  assert.equal(found(journal), words)
})

test('many in an hour wait to people who are known, too, and that is what is told of them', async t => {
  const { journal, send, order, held, close } = await annas()
  t.after(close)
  for (let i = 0; i < 20; i++) await send(BERT, NOW + i)
  await order(ISOLATE, NOW + MINUTE)
  assert.equal(await send(BERT, NOW + 2 * MINUTE), 'hold')
  const [row] = await held()
  assert.equal(row?.nats, 0)
  assert.match(
    row?.why ?? '',
    /\(isolated by hand\): 21 messages within an hour, where 5 a day are/,
  )
  assert.match(found(journal) ?? '', /21 messages within an hour/)
})

test('an hour by hand stays an hour under evidence that would not isolate by itself', async t => {
  const { ledger, send, order, held, close } = await annas()
  t.after(close)
  await order(ISOLATE, NOW)
  for (let i = 0; i < 3; i++) await send(`new${i}@far.example`, NOW + (i + 1) * MINUTE)
  assert.deepEqual(
    ledger.cases.inForce('line:anna').map(({ until }) => until),
    [NOW + HOUR],
  )
  for (const row of await held()) assert.equal(row.due, NOW + HOUR)
})

test('a release sends no mail over a limit before its time, and says how much of it there is', async t => {
  const { journal, send, order, held, close } = await annas({ messagesPerHour: 2 })
  t.after(close)
  for (let i = 0; i < 4; i++) await send(BERT, NOW + i)
  await order(ISOLATE, NOW + MINUTE)
  await send('someone@far.example', NOW + 2 * MINUTE)
  assert.equal((await held()).length, 3)
  const before = await held()
  const said = await order({ kind: 'release', incident: codeOf(journal) }, NOW + 3 * MINUTE)
  assert.match(said, /1 message is on its way; 2 messages are still held by a limit/)
  const after = await held()
  assert.equal(after.length, 2)
  for (const row of after) {
    assert.match(row.why ?? '', /^over-limit: /)
    assert.equal(row.due, before.find(({ message }) => message === row.message)?.due)
  }
})
