// What every counter store must do, run against every one there is.

import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { hash53, sumKey } from '../../src/drivers/counters/hash.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import type { Batch, Counted, Op } from '../../src/model/counter.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import { COUNTER_STORES } from '../support/counter-stores.ts'
import { folderOf, owned } from '../support/owned.ts'

const AT = Date.UTC(2026, 0, 5)
const fail = (error: unknown) => {
  throw error
}

const sum = (amount: number, limit?: number) =>
  ({
    op: 'sum',
    key: 'k:sum',
    amount,
    window: HOUR,
    ...(limit === undefined ? {} : { limit }),
  }) as const

for (const [name, open] of Object.entries(COUNTER_STORES)) {
  const using = (
    what: string,
    body: (apply: (batch: Batch) => Promise<Exclude<Counted, { failed: string }>>) => Promise<void>,
  ) =>
    test(`${name}: ${what}`, async t => {
      const counters = await open(t)
      await body(async batch => {
        const counted = await counters.apply(batch)
        assert.ok(!('failed' in counted))
        return counted
      })
    })

  using('a rolling sum forgets what left the window, the oldest slot last', async apply => {
    await apply({ at: AT, mode: 'take', ops: [sum(3)] })
    await apply({ at: AT + 30 * MINUTE, mode: 'take', ops: [sum(4)] })
    const value = async (at: number) =>
      (await apply({ at, mode: 'peek', ops: [sum(0)] })).readings[0]?.value
    assert.equal(await value(AT + 59 * MINUTE), 7)
    assert.equal(await value(AT + 65 * MINUTE), 4)
    assert.equal(await value(AT + 3 * HOUR), 0)
  })

  using('a distinct that asks adds nobody', async apply => {
    const people = (members: readonly string[], asks?: true) =>
      ({ op: 'distinct', key: 'k:asked', members, window: DAY, ...(asks ? { asks } : {}) }) as const
    const take = async (op: ReturnType<typeof people>) =>
      (await apply({ at: AT, mode: 'take', ops: [op] })).readings[0]
    await take(people(['anna']))
    const found = { value: 1, novel: 1, fresh: ['bert'] }
    for (let i = 0; i < 2; i++) assert.deepEqual(await take(people(['anna', 'bert'], true)), found)
    await apply({ at: AT, mode: 'rollback', ops: [people(['anna'], true)] })
    assert.deepEqual(await take(people(['anna'], true)), { value: 1, novel: 0 })
  })

  using('a distinct among others adds only while it is there, and keeps it there', async apply => {
    const among = { key: 'k:few', member: 'ann' }
    const op = { op: 'distinct', key: 'k:of-few', members: ['one'], window: DAY } as const
    const take = async (days: number) =>
      (await apply({ at: AT + days * DAY, mode: 'take', ops: [{ ...op, among }] })).readings[0]
    assert.deepEqual(await take(0), { value: 0, novel: 1 })
    await apply({ at: AT, mode: 'take', ops: [{ ...op, key: 'k:few', members: ['ann'] }] })
    assert.deepEqual(await take(0.1), { value: 1, novel: 1 })
    for (const days of [0.9, 1.7]) assert.deepEqual(await take(days), { value: 1, novel: 0 })
    assert.deepEqual(await take(3), { value: 0, novel: 1 }, 'not for ever')
  })

  using('a mark that asks sees nothing', async apply => {
    const take = async (more: { asks?: true } = {}) => {
      const ops = [{ op: 'mark', key: 'k:asked-mark', ttl: DAY, ...more }] as const
      return (await apply({ at: AT, mode: 'take', ops })).readings[0]
    }
    for (let i = 0; i < 2; i++) assert.deepEqual(await take({ asks: true }), { value: 0 })
    await take()
    assert.deepEqual(await take({ asks: true }), { value: 1, first: AT, last: AT })
    const ops = [{ op: 'mark', key: 'k:asked-mark', ttl: DAY, asks: true }] as const
    await apply({ at: AT, mode: 'rollback', ops })
    assert.deepEqual(await take({ asks: true }), { value: 1, first: AT, last: AT })
  })

  using('what is given back is as if it had never been taken', async apply => {
    const people = (members: readonly string[]) =>
      ({ op: 'distinct', key: 'k:people', members, window: DAY }) as const
    const mark = { op: 'mark', key: 'k:mark', ttl: DAY } as const
    const tokens = { op: 'tokens', key: 'k:tokens', cost: 3, cap: 10, perHour: 1 } as const
    const leak = { op: 'leak', key: 'k:leak', add: 2, perDay: 0, max: 100 } as const
    const fresh = { op: 'mark', key: 'k:fresh', ttl: DAY } as const
    const one = people(['carl'])
    const ops = [sum(3, 100), people(['anna', 'bert']), mark, tokens, leak]
    const look = async () =>
      (
        await apply({
          at: AT,
          mode: 'peek',
          ops: [...ops, people(['anna']), people(['bert']), fresh, one],
        })
      ).readings.map(({ value, novel, first }) => [value, novel, first])
    await apply({ at: AT, mode: 'take', ops: [sum(4), people(['anna']), mark, tokens, leak] })
    const before = await look()
    const { readings } = await apply({ at: AT, mode: 'take', ops })
    assert.deepEqual(readings[1]?.fresh, ['bert'])
    await apply({ at: AT, mode: 'take', ops: [fresh, { ...one, key: 'k:carl' }] })
    const gone = [sum(3, 100), people(['bert']), mark, tokens, leak]
    await apply({ at: AT, mode: 'rollback', ops: [...gone, fresh, { ...one, key: 'k:carl' }] })
    assert.deepEqual(await look(), before)
    const [carl] = (await apply({ at: AT, mode: 'peek', ops: [{ ...one, key: 'k:carl' }] }))
      .readings
    assert.deepEqual(carl, { value: 0, novel: 1 })
    // What is counted next is the first.
    const again = await apply({ at: AT + 1, mode: 'take', ops: [fresh, people(['bert'])] })
    assert.deepEqual(again.readings, [{ value: 1 }, { value: 2, novel: 1 }])
  })

  using('more than was taken is not given back, nor what has passed', async apply => {
    await apply({ at: AT, mode: 'take', ops: [sum(2)] })
    await apply({ at: AT, mode: 'rollback', ops: [sum(5)] })
    await apply({ at: AT, mode: 'rollback', ops: [{ op: 'mark', key: 'k:none', ttl: DAY }] })
    await apply({ at: AT + HOUR, mode: 'take', ops: [sum(1)] })
    await apply({ at: AT - 3 * HOUR, mode: 'rollback', ops: [sum(1)] })
    const { readings } = await apply({ at: AT + HOUR, mode: 'peek', ops: [sum(0)] })
    assert.equal(readings[0]?.value, 1)
  })

  using('a clock that stands at 1970 counts, too', async apply => {
    const taken = async (at: number, amount: number) =>
      (await apply({ at, mode: 'take', ops: [{ ...sum(amount), window: 7 * 24 * HOUR }] }))
        .readings[0]?.value
    assert.deepEqual([await taken(0, 0), await taken(1000, 3), await taken(HOUR, 1)], [0, 3, 4])
  })

  using('large and broken amounts are counted too', async apply => {
    await apply({ at: AT, mode: 'take', ops: [sum(60_000)] })
    await apply({ at: AT, mode: 'take', ops: [sum(60_000)] })
    const { readings } = await apply({ at: AT, mode: 'take', ops: [sum(0.5)] })
    assert.equal(readings[0]?.value, 120_000.5)
  })

  using('all operations of a batch are taken, or none but those marked always', async apply => {
    const other = { op: 'sum', key: 'k:other', amount: 1, window: HOUR } as const
    const always = { op: 'sum', key: 'k:always', amount: 1, window: HOUR, always: true } as const
    await apply({ at: AT, mode: 'take', ops: [sum(9, 10)] })
    const refused = await apply({ at: AT, mode: 'take', ops: [other, sum(2, 10), always] })
    assert.equal(refused.taken, false)
    assert.equal(refused.refusedBy, 1)
    assert.ok(
      (refused.resetAt ?? 0) > AT + 55 * MINUTE && (refused.resetAt ?? 0) <= AT + 65 * MINUTE,
    )
    const after = await apply({ at: AT, mode: 'peek', ops: [other, sum(0), always] })
    assert.deepEqual(
      after.readings.map(reading => reading.value),
      [0, 9, 1],
    )
  })

  using('the limit itself may be reached', async apply => {
    assert.equal((await apply({ at: AT, mode: 'take', ops: [sum(10, 10)] })).taken, true)
    assert.equal((await apply({ at: AT, mode: 'take', ops: [sum(1, 10)] })).taken, false)
  })

  using('looking changes nothing', async apply => {
    for (let i = 0; i < 5; i++) await apply({ at: AT, mode: 'peek', ops: [sum(1)] })
    assert.equal((await apply({ at: AT, mode: 'peek', ops: [sum(1)] })).readings[0]?.value, 0)
  })

  using('distinct members are counted once, and new ones are told', async apply => {
    const seen = (members: string[]) =>
      ({ op: 'distinct', key: 'k:d', members, window: DAY }) as const
    const first = await apply({ at: AT, mode: 'take', ops: [seen(['a', 'b', 'a'])] })
    assert.deepEqual(first.readings[0], { value: 2, novel: 2 })
    const second = await apply({ at: AT, mode: 'take', ops: [seen(['b', 'c'])] })
    assert.deepEqual(second.readings[0], { value: 3, novel: 1, fresh: ['c'] })
    const later = await apply({ at: AT + 2 * DAY, mode: 'peek', ops: [seen(['a'])] })
    assert.deepEqual(later.readings[0], { value: 0, novel: 1 })
  })

  using('beyond 1,024 members it is "at least"', async apply => {
    const members = Array.from({ length: 3000 }, (_, i) => `m${i}`)
    const { readings } = await apply({
      at: AT,
      mode: 'take',
      ops: [{ op: 'distinct', key: 'k:many', members, window: DAY }],
    })
    assert.equal(readings[0]?.value, 1024)
  })

  using('a mark knows first, last and how often', async apply => {
    const mark = { op: 'mark', key: 'k:m', ttl: HOUR } as const
    assert.deepEqual((await apply({ at: AT, mode: 'take', ops: [mark] })).readings[0], { value: 1 })
    const second = await apply({ at: AT + MINUTE, mode: 'take', ops: [mark] })
    assert.deepEqual(second.readings[0], { value: 2, first: AT, last: AT })
    assert.deepEqual((await apply({ at: AT + 3 * HOUR, mode: 'peek', ops: [mark] })).readings[0], {
      value: 0,
    })
  })

  using('a leaking sum forgets by time, never below nothing, never above its top', async apply => {
    const leak = (add: number) => ({ op: 'leak', key: 'k:l', add, perDay: 24, max: 10 }) as const
    const value = async (at: number, add: number) =>
      (await apply({ at, mode: 'take', ops: [leak(add)] })).readings[0]?.value
    assert.equal(await value(AT, 5), 5)
    assert.equal(await value(AT + 2 * HOUR, 0), 3)
    assert.equal(await value(AT + 20 * HOUR, 1), 1)
    assert.equal(await value(AT + 20 * HOUR, 99), 10)
    assert.equal(await value(AT + 20 * HOUR, -4), 6)
    assert.equal(await value(AT + 20 * HOUR, -99), 0)
    assert.equal(await value(AT + 20 * HOUR, 10), 10)
    // Told late: it is added, and time does not run backwards.
    assert.equal(await value(AT, 0), 10)
  })

  using('the same batch told twice counts once', async apply => {
    const batch: Batch = { once: 'x', at: AT, mode: 'take', ops: [sum(1)] }
    await apply(batch)
    const again = await apply(batch)
    assert.equal(again.repeated, true)
    assert.equal((await apply({ at: AT, mode: 'peek', ops: [sum(0)] })).readings[0]?.value, 1)
  })
}

test('kept: what counts once is on disk when it is answered, together with what it moved', async t => {
  const folder = folderOf(t)
  const fail = (error: unknown) => {
    throw error
  }
  const batch = (n: number): Batch => ({
    once: `unit ${n}`,
    at: AT,
    mode: 'take',
    ops: [{ op: 'leak', key: 'k:l', add: 4, perDay: 1, max: 60, after: 7 }],
  })
  const first = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  const before = await first.apply(batch(1))
  await first.apply(batch(2))
  // What a killed process would leave.
  const copy = folderOf(t)
  cpSync(folder, copy, { recursive: true })
  const second = await owned(t, openCounters(join(copy, 'c.db'), { trouble: fail }))
  const again = await second.apply(batch(1))
  assert.deepEqual(again, { ...before, taken: false, repeated: true })
  const third = await second.apply(batch(3))
  assert.deepEqual('readings' in third && third.readings, [{ value: 12, count: 10 }])
  for (const one of [first, second]) await one.close()
})

test('kept: what is new to a distinct that is to be kept is written when it is answered', async t => {
  const folder = folderOf(t)
  const first = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  const days = (members: readonly string[]): Op => ({
    op: 'distinct',
    key: 'k:days',
    members,
    window: DAY,
    kept: true,
  })
  const answered = first.apply({ at: AT, mode: 'take', ops: [days(['a'])] })
  assert.ok(answered instanceof Promise)
  await answered
  const copy = folderOf(t)
  cpSync(folder, copy, { recursive: true })
  const second = await owned(t, openCounters(join(copy, 'c.db'), { trouble: fail }))
  const left = await second.apply({ at: AT, mode: 'peek', ops: [days([])] })
  assert.equal('readings' in left && left.readings[0]?.value, 1)
  const again = first.apply({ at: AT, mode: 'take', ops: [days(['a'])] })
  assert.ok(!(again instanceof Promise), 'nothing is new')
  for (const one of [first, second]) await one.close()
})

test('kept: a row that counts once while others are written is not written over', async t => {
  const folder = folderOf(t)
  const fail = (error: unknown) => {
    throw error
  }
  const first = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  const add = (once?: string) =>
    first.apply({ at: AT, mode: 'take', ops: [sum(1)], ...(once === undefined ? {} : { once }) })
  void add()
  for (let i = 0; i < 20_000; i++)
    void first.apply({ at: AT, mode: 'take', ops: [{ op: 'mark', key: `k${i}`, ttl: DAY }] })
  const closed = first.close()
  for (let i = 0; i < 5; i++) {
    await new Promise(resolve => setImmediate(resolve))
    void add(`once ${i}`)
  }
  await closed
  const second = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  const counted = await second.apply({ at: AT, mode: 'peek', ops: [sum(0)] })
  assert.equal('readings' in counted && counted.readings[0]?.value, 6)
  await second.close()
})

test('kept: what was counted is there after a restart', async t => {
  const folder = folderOf(t)
  const ops: Batch['ops'] = [
    sum(7),
    { op: 'distinct', key: 'k:d', members: ['a', 'b'], window: DAY },
    { op: 'mark', key: 'k:m', ttl: DAY },
    { op: 'leak', key: 'k:l', add: 4, perDay: 1, max: 60 },
  ]
  const first = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  await first.apply({ at: AT, mode: 'take', ops })
  await first.close()
  const second = await owned(t, openCounters(join(folder, 'c.db'), { trouble: fail }))
  const counted = await second.apply({ at: AT, mode: 'peek', ops })
  assert.deepEqual(
    'readings' in counted && counted.readings.map(reading => reading.value),
    [7, 2, 1, 4],
  )
  await second.close()
})

test('kept: what an earlier Cordon kept is taken over', async t => {
  const folder = folderOf(t)
  const path = join(folder, 'c.db')
  const ops: Batch['ops'] = [
    sum(7),
    { op: 'distinct', key: 'k:d', members: ['a', 'b'], window: DAY },
    { op: 'mark', key: 'k:m', ttl: DAY },
    { op: 'leak', key: 'k:l', add: 4, perDay: 1, max: 60 },
  ]
  const before = new DatabaseSync(path)
  before.exec(
    'CREATE TABLE row (kind TEXT, key INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID',
  )
  const put = before.prepare('INSERT INTO row VALUES (?, ?, ?)')
  const key = (text: string) => sumKey(text).key
  const { name } = sumKey('k:sum')
  const newest = Math.floor(AT / (5 * MINUTE))
  const slots = Array.from({ length: 12 }, (_, i) => (i === newest % 12 ? 7 : 0))
  put.run('sum', key('k:sum'), JSON.stringify([{ name, length: 5 * MINUTE, newest, slots }]))
  const members = [hash53('a'), hash53('b')].map(member => [member, AT / 1000])
  put.run('distinct', key('k:d'), JSON.stringify({ window: DAY, members }))
  put.run('mark', key('k:m'), JSON.stringify({ first: AT, last: AT, count: 1, ttl: DAY }))
  put.run('leak', key('k:l'), JSON.stringify({ sum: 4, at: AT }))
  before.close()
  for (const time of ['first', 'second']) {
    const counters = await owned(t, openCounters(path, { trouble: fail }))
    const counted = await counters.apply({ at: AT, mode: 'peek', ops })
    const values = 'readings' in counted && counted.readings.map(reading => reading.value)
    assert.deepEqual(values, [7, 2, 1, 4], time)
    await counters.close()
  }
})

test('kept: many rows, in pieces and while they change, are all there afterwards', async t => {
  const folder = folderOf(t)
  const path = join(folder, 'c.db')
  const many = 120_000
  const op = (i: number) => ({ op: 'mark', key: `k${i}`, ttl: DAY }) as const
  const first = await owned(t, openCounters(path, { trouble: fail }))
  for (let i = 0; i < many; i++) void first.apply({ at: AT, mode: 'take', ops: [op(i)] })
  const closed = first.close()
  // Somebody is still at it while it is written.
  for (let i = 0; i < 100; i++) {
    await new Promise(resolve => setImmediate(resolve))
    void first.apply({ at: AT, mode: 'take', ops: [op(many + i)] })
  }
  await closed
  const second = await owned(t, openCounters(path, { trouble: fail }))
  const ops = Array.from({ length: many }, (_, i) => op(i))
  const counted = await second.apply({ at: AT, mode: 'peek', ops })
  assert.ok('readings' in counted && counted.readings.every(({ value }) => value === 1))
  await second.close()
})

test('memory: rows whose time has passed are swept, the others stay', () => {
  const counters = new MemoryCounters()
  for (let i = 0; i < 20_000; i++) {
    counters.apply({
      at: AT,
      mode: 'take',
      ops: [{ op: 'sum', key: `k${i}:x`, amount: 1, window: i % 2 === 0 ? HOUR : 30 * DAY }],
    })
  }
  assert.equal(counters.sums.rows, 20_000)
  assert.equal(counters.sweep(AT + DAY).length, 10_000)
  assert.equal(counters.sums.rows, 10_000)
  const left = counters.apply({
    at: AT + DAY,
    mode: 'peek',
    ops: [{ op: 'sum', key: 'k4001:x', amount: 0, window: 30 * DAY }],
  })
  assert.equal('readings' in left && left.readings[0]?.value, 1)
})
