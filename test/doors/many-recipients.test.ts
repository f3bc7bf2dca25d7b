// One message to more people than a limit lets through at once, beside another server: it waits as long as the limit takes for so many, its
// owner and the operator hear of it, and one that would take longer than mail is held is deleted, and its sender told.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_HOLD } from '../../src/model/decision.ts'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { beside, ID, LOGIN } from '../support/beside-a-server.ts'
import { NOW } from '../support/small-cordon.ts'

const SHIPPED = {
  messagesPerHour: 60,
  recipientsPerHour: 100,
  recipientsPerDay: 500,
  firstTimePerDay: 100,
}
const people = (count: number, of = 'v') =>
  Array.from({ length: count }, (_, i) => `${of}${i}@elsewhere.example`)
const to = (recipients: readonly string[]) => ({ recipients, recipientCount: recipients.length })

/** Looks every half an hour; when which message went, in hours. */
async function watched(one: Awaited<ReturnType<typeof beside>>, hours: number) {
  const went: (readonly [order: string, hours: number])[] = []
  for (let at = 0; at <= hours * HOUR; at += 30 * MINUTE) {
    const before = one.orders.length
    await one.cordon.engine.chores.secondLook(NOW + at)
    went.push(...one.orders.slice(before).map(order => [order, at / HOUR] as const))
  }
  return went
}

for (const door of ['ask', 'milter'] as const)
  test(`${door}: one message to 400 strangers is held for a word, and does not go by itself`, async t => {
    const one = await beside(t, { limits: SHIPPED })
    const sent = door === 'ask' ? to(people(400)) : { recipients: people(400) }
    assert.equal((await one[door](1, sent)).kind, 'hold')
    await one.cordon.engine.idle()
    const [row] = await one.rows()
    assert.match(
      row?.why ?? '',
      /^over-limit: .*never written to before, within a day.*400 with it/,
    )
    assert.equal(row?.due, NOW + MAX_HOLD)
    const letters = await one.cordon.spool.list({})
    assert.deepEqual(
      letters.map(({ subject, recipient }) => [subject, recipient]),
      [['Some of your mail is waiting', LOGIN]],
    )
    const alarms = one.events('alarm-raised').map(event => 'words' in event && event.words)
    assert.equal(alarms.length, 1)
    assert.match(
      String(alarms),
      /400 recipients.*cordon queue list --held --login anna@isp\.example/,
    )
    assert.deepEqual(await watched(one, 72), [[`delete ${ID(1)}`, 72]])
    const told = (await one.cordon.spool.list({})).filter(({ sender }) => sender === '')
    assert.deepEqual(
      told.map(({ recipient }) => recipient),
      [LOGIN],
    )
  })

test('of recipients that are not named so many leave as the limit lets through in the time', async t => {
  const one = await beside(t, { limits: SHIPPED })
  for (const i of [1, 2, 3])
    assert.equal((await one.ask(i, { recipients: [], recipientCount: 400 })).kind, 'hold')
  const went = await watched(one, 40)
  assert.deepEqual(
    went.map(([order]) => order),
    [1, 2].map(i => `release ${ID(i)}`),
  )
  const [first = 0, second = 0] = went.map(([, hours]) => hours)
  assert.ok(first >= 3, `the first after ${first} hours`)
  // 500 a day hold longer than 100 an hour.
  assert.ok(second - first >= 19, `the second after ${second - first} hours more`)
})

test('each of several such messages waits until what went before it is paid', async t => {
  const one = await beside(t, { limits: { ...SHIPPED, recipientsPerDay: 10_000 } })
  for (const i of [1, 2, 3]) await one.ask(i, { recipients: [], recipientCount: 400 })
  const hours = (await watched(one, 20)).map(([, at]) => at)
  assert.deepEqual(hours, [3, 7, 11])
})

test('a message that has to wait for long lets the smaller ones behind it go first', async t => {
  const one = await beside(t, { limits: { ...SHIPPED, messagesPerHour: 2 } })
  assert.equal((await one.ask(1, to(people(400)))).kind, 'hold')
  for (const i of [2, 3, 4]) await one.ask(i, to(['bert@isp.example']))
  assert.deepEqual([...one.held], [ID(1), ID(4)])
  const went = await watched(one, 3)
  assert.deepEqual(
    went.map(([order]) => order),
    [`release ${ID(4)}`],
  )
})

test('a login that is no customer’s is written to at its own address', async t => {
  const one = await beside(t, { limits: SHIPPED })
  const login = 'nobody@isp.example'
  await one.ask(1, { ...to(people(150)), login, sender: login })
  await one.cordon.engine.idle()
  const letters = await one.cordon.spool.list({})
  assert.deepEqual(
    letters.map(({ recipient }) => recipient),
    [login],
  )
})
