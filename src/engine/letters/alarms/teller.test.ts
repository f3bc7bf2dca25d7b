import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alarm, AlarmBatch } from '../../../model/alarm.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../model/duration.ts'
import { StoreUnavailable } from '../../../model/errors.ts'
import type { AlarmChannel } from '../../../ports/alarm-channel.ts'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import { alarmOutbox, type KeptAlarm } from './alarm-outbox.ts'
import { alarmTeller, beginHere, type ChannelPlace } from './teller.ts'

const AT = Date.UTC(2026, 0, 5)
const alarm = (id: string, kind = 'contained'): Alarm => ({
  id,
  alarm: kind,
  at: AT,
  about: `line:${id}`,
  words: `${id} is contained`,
  evidence: [],
})

async function telling({ withoutStores = false } = {}) {
  const kept = memoryRecords<KeptAlarm>()
  const places = memoryRecords<ChannelPlace>()
  const batches: AlarmBatch[] = []
  const complaints: string[] = []
  const world = { broken: false, fails: false }
  const refuse = async () => {
    throw new StoreUnavailable('the disk is full')
  }
  const changing = <R extends object>(records: R): R =>
    new Proxy(records, {
      get: (on, key) => (key === 'change' && world.broken ? refuse : Reflect.get(on, key)),
    })
  const outbox = alarmOutbox(changing(kept))
  const channel: AlarmChannel = {
    name: 'noc',
    withoutStores,
    tell: async batch => {
      if (world.fails) throw new Error('503')
      batches.push(batch)
    },
  }
  const parts = {
    outbox,
    places: changing(places),
    trouble: (error: unknown) => void complaints.push(String(error)),
    stopping: new AbortController().signal,
  }
  return { outbox, places, batches, complaints, world, open: () => alarmTeller(channel, parts) }
}

test('each alarm is told once, however often it is raised', async () => {
  const { outbox, batches, open } = await telling()
  const teller = open()
  await outbox.raise(alarm('anna'))
  await teller.tell(AT)
  await outbox.raise(alarm('anna'))
  await teller.tell(AT + 1000)
  await open().tell(AT + 2000)
  assert.deepEqual(
    batches.map(one => one.alarms.map(({ id }) => id)),
    [['anna']],
  )
})

test('a channel that fails is tried again later and later, and told the same batch under the same id', async () => {
  const { outbox, batches, complaints, world, places, open } = await telling()
  const teller = open()
  await outbox.raise(alarm('anna'))
  world.fails = true
  await teller.tell(AT)
  const { telling: begun } = places.get('noc') ?? {}
  await teller.tell(AT + 4 * SECOND)
  assert.equal(complaints.length, 1, 'before it is due')
  await teller.tell(AT + 5 * SECOND)
  await teller.tell(AT + 14 * SECOND)
  assert.equal(complaints.length, 2, 'the second wait is longer')
  world.fails = false
  await outbox.raise(alarm('bert'))
  await teller.tell(AT + 15 * SECOND)
  assert.deepEqual(
    batches.map(({ id, alarms }) => [id, alarms.length]),
    [[`noc.${begun?.upTo}.${begun?.at}`, 1]],
  )
  // A day of failures makes it wait for ten minutes, not for a day.
  world.fails = true
  for (let at = AT + HOUR; at < AT + 25 * HOUR; at += MINUTE) await teller.tell(at)
  world.fails = false
  await teller.tell(AT + 25 * HOUR + 10 * MINUTE)
  assert.equal(batches.at(-1)?.alarms[0]?.id, 'bert')
})

test('what is raised before a new channel is told anything is not lost by a crash, and what was raised before it is not told', async () => {
  const { outbox, places, batches, open } = await telling()
  await outbox.raise(alarm('long-ago'))
  await beginHere(places, ['noc'], outbox.last())
  await outbox.raise(alarm('anna'))
  await open().tell(AT)
  assert.deepEqual(
    batches.map(one => one.alarms.map(({ id }) => id)),
    [['anna']],
  )
})

test('while the disk takes nothing, a channel that needs no store is told, and a mail waits', async () => {
  for (const withoutStores of [true, false]) {
    const { outbox, places, batches, world, open } = await telling({ withoutStores })
    await beginHere(places, ['noc'], outbox.last())
    world.broken = true
    await assert.rejects(outbox.raise(alarm('stores', 'store')), StoreUnavailable)
    const teller = open()
    await teller.tell(AT)
    assert.equal(batches.length, withoutStores ? 1 : 0)
    world.broken = false
    await outbox.writeAgain()
    await teller.tell(AT + HOUR)
    assert.equal(batches.length, 1, 'told once when the disk takes it')
  }
})

test('ten thousand alarms within an hour are a handful of batches', async () => {
  const { outbox, batches, open } = await telling()
  const teller = open()
  for (let i = 0; i < 10_000; i++) {
    const kind = i < 100 ? 'contained' : i === 100 ? 'fuse' : 'held'
    await outbox.raise(alarm(`kd${i}`, kind))
    await teller.tell(AT + i * 360)
  }
  await teller.tell(AT + HOUR + 15 * MINUTE)
  assert.ok(batches.length <= 12, `${batches.length} batches`)
  const told = batches.flatMap(one => Object.values(one.counts)).reduce((a, b) => a + b, 0)
  assert.equal(told, 10_000)
})

test('alarms are forgotten when they were told to all and are older than any decision, no sooner', async () => {
  const { outbox } = await telling()
  await outbox.raise(alarm('anna'))
  const days = 24 * HOUR
  await outbox.forget(0, AT + 200 * days)
  assert.equal(outbox.waiting(0).length, 1, 'not told yet')
  await outbox.forget(1, AT + 99 * days)
  assert.equal(outbox.waiting(0).length, 1, 'still in force')
  await outbox.forget(1, AT + 101 * days)
  assert.equal(outbox.waiting(0).length, 0)
})

test('what stands is not forgotten, however far ahead the clock is: it would be told twice', async () => {
  const { outbox, batches, open } = await telling()
  const teller = open()
  await outbox.raise(alarm('anna'))
  await teller.tell(AT)
  await outbox.forget(1, AT + 365 * DAY, new Set(['anna']))
  await outbox.raise(alarm('anna'))
  await teller.tell(AT + MINUTE)
  assert.equal(batches.length, 1)
})

test('a channel that failed while the clock was wrong and ahead is told when it is right, with a time that has come', async () => {
  const { outbox, batches, world, open } = await telling()
  const teller = open()
  await outbox.raise(alarm('anna'))
  world.fails = true
  const ahead = AT + 365 * DAY
  await teller.tell(ahead)
  world.fails = false
  await teller.tell(AT + MINUTE)
  await teller.tell(AT + 2 * MINUTE)
  assert.deepEqual(
    batches.map(({ id, at }) => [id, at]),
    [[`noc.1.${ahead}`, AT + MINUTE]],
    'once, under the id that it was begun with',
  )
})
