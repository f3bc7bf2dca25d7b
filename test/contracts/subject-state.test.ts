// What every store of subjects' states must do: against an oracle that knows no store, and killed between any two steps.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { slowStates } from '../../src/drivers/slow/slow-stores.ts'
import type { Op } from '../../src/model/counter.ts'
import { DAY, HOUR } from '../../src/model/duration.ts'
import type { Counters } from '../../src/ports/counters.ts'
import {
  type KeptState,
  MAX_STATE,
  MAX_STATES,
  type SubjectState,
  type Swap,
} from '../../src/ports/subject-state.ts'
import { atEnd, folderOf, type Owner, owned, owning } from '../support/owned.ts'
import { bytesOf, counted, numberedOps, swapNumber } from '../support/numbered-swaps.ts'

const AT = Date.UTC(2026, 0, 5)
/** Few, so that most of what the tests touch is on the disk. */
const HOT = 2 * MAX_STATES

type Store = { readonly states: SubjectState; readonly counters: Counters }

const STORES: Readonly<Record<string, (owner: Owner) => Promise<Store>>> = {
  memory: async () => {
    const counters = new MemoryCounters()
    return { counters, states: memoryStates(counters) }
  },
  slow: async () => {
    const counters = new MemoryCounters()
    return { counters, states: slowStates(memoryStates(counters)) }
  },
  kept: async owner => {
    const counters = await owned(
      owner,
      openCounters(join(folderOf(owner), 'c.db'), { hotStates: HOT }),
    )
    return { counters, states: counters.states }
  },
}

async function load(states: SubjectState, ...keys: string[]): Promise<readonly KeptState[]> {
  const loaded = await states.load(keys)
  assert.ok('states' in loaded)
  return loaded.states
}

async function outcome(states: SubjectState, swap: Swap): Promise<string> {
  const swapped = await states.swap(swap)
  assert.ok('outcome' in swapped)
  return 'repeated' in swapped ? 'repeated' : swapped.outcome
}

/** Written to by whoever comes, read again when stale; the slow one is stale now and then by itself. */
async function insist(states: SubjectState, key: string, n: number, ops: readonly Op[] = []) {
  for (;;) {
    const read = await load(states, key)
    const swap = { once: `${key} ${n}`, at: AT, ops, states: withBytes(read, bytesOf(n)) }
    const said = await outcome(states, swap)
    if (said !== 'stale') return said
  }
}

const withBytes = (read: readonly KeptState[], bytes: Uint8Array) =>
  read.map(({ key, version }) => ({ key, version, bytes }))

const limited = (amount: number): Op => ({ op: 'sum', key: 'k#s', amount, window: DAY, limit: 30 })

const acts = fc.array(
  fc.record({
    keys: fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
    once: fc.integer({ min: 0, max: 40 }),
    amount: fc.integer({ min: 0, max: 12 }),
    text: fc.string({ maxLength: 20 }),
    /** Somebody else is faster. */
    overtaken: fc.boolean(),
  }),
  { maxLength: 40 },
)

for (const [name, open] of Object.entries(STORES)) {
  test(`${name}: states and counters move as the oracle says`, async () => {
    await fc.assert(
      fc.asyncProperty(acts, all =>
        owning(async owner => {
          const store = await open(owner)
          const model = { states: new Map<string, string>(), told: new Set<string>(), sum: 0 }
          const overtaking = async (key: string, n: number) => {
            model.states.set(key, String(n))
            await insist(store.states, key, n)
          }
          for (const [n, act] of all.entries()) {
            const keys = act.keys.map(key => `line:${key}`)
            const read = await load(store.states, ...keys)
            for (const { key, bytes } of read)
              assert.equal(new TextDecoder().decode(bytes), model.states.get(key) ?? '')
            if (act.overtaken) await overtaking(keys[0] as string, 1000 + n)
            const told = `unit ${act.once}`
            const expected = model.told.has(told)
              ? 'repeated'
              : act.overtaken
                ? 'stale'
                : model.sum + act.amount > 30
                  ? 'refused'
                  : 'ok'
            const swap = {
              once: told,
              at: AT,
              ops: [limited(act.amount)],
              states: withBytes(read, new TextEncoder().encode(act.text)),
            }
            const first = await outcome(store.states, swap)
            // Stale for no reason: nothing was done, and it may be tried again.
            const again = name === 'slow' && first === 'stale' && expected !== 'stale'
            const said = again ? await outcome(store.states, swap) : first
            if (name !== 'slow' || said !== 'stale') assert.equal(said, expected)
            if (said !== 'ok') continue
            model.told.add(told)
            model.sum += act.amount
            const text = new TextDecoder().decode(new TextEncoder().encode(act.text))
            for (const key of keys) model.states.set(key, text)
          }
          const sum = await store.counters.apply({ at: AT, mode: 'peek', ops: [limited(0)] })
          assert.equal('readings' in sum && sum.readings[0]?.value, model.sum)
        }),
      ),
      { numRuns: name === 'memory' ? 200 : 8 },
    )
  })

  test(`${name}: of two who read the same, one is stale`, async t => {
    const { states } = await open(t)
    const [a, b] = [await load(states, 'k', 'l'), await load(states, 'l')]
    const swap = (read: readonly KeptState[], n: number) => swapNumber(n, read)
    assert.equal(await outcome(states, swap(b, 1)), 'ok')
    assert.equal(await outcome(states, swap(a, 2)), 'stale')
    assert.deepEqual(
      (await load(states, 'k', 'l')).map(({ bytes }) => counted(bytes)),
      [0, 1],
      'neither of the stale ones',
    )
  })

  test(`${name}: many at once on one subject lose nothing`, async t => {
    const { states, counters } = await open(t)
    const add = { op: 'sum', key: 'k#n', amount: 1, window: DAY } as const
    const said = await Promise.all(
      Array.from({ length: 20 }, (_, n) => insist(states, 'k', n + 1, [add])),
    )
    assert.deepEqual(new Set(said), new Set(['ok']))
    const sum = await counters.apply({ at: AT, mode: 'peek', ops: [add] })
    assert.equal('readings' in sum && sum.readings[0]?.value, 20)
  })

  test(`${name}: told twice at the same time it is done once`, async t => {
    const { states } = await open(t)
    const read = await load(states, 'k')
    const both = await Promise.all([
      outcome(states, swapNumber(1, read)),
      outcome(states, swapNumber(1, read)),
    ])
    assert.deepEqual(both, ['ok', 'repeated'])
  })

  test(`${name}: a forgotten key made anew is not taken for the old one`, async t => {
    const { states } = await open(t)
    await insist(states, 'k', 1)
    const [old] = await load(states, 'k')
    assert.ok(old)
    await outcome(states, { once: 'a', at: AT, ops: [], states: [{ ...old, bytes: bytesOf(2) }] })
    const [last] = await load(states, 'k')
    assert.ok(last)
    const forget = { once: 'b', at: AT, ops: [], states: [{ ...last, bytes: new Uint8Array() }] }
    assert.equal(await outcome(states, forget), 'ok')
    assert.deepEqual(await load(states, 'k'), [{ key: 'k', version: 0, bytes: new Uint8Array() }])
    await insist(states, 'k', 3)
    for (const held of [old, last])
      assert.equal(
        await outcome(states, { ...forget, once: `c${held.version}`, states: [held] }),
        'stale',
      )
  })

  test(`${name}: too many and too large are mistakes of the caller`, async t => {
    const { states } = await open(t)
    const keys = Array.from({ length: MAX_STATES + 1 }, (_, i) => `k${i}`)
    await assert.rejects(async () => states.load(keys), RangeError)
    await assert.rejects(async () => states.load(['k', 'k']), RangeError)
    const swap = (bytes: Uint8Array): Swap => ({
      once: 'x',
      at: AT,
      ops: [],
      states: [{ key: 'k', version: 0, bytes }],
    })
    await assert.rejects(async () => states.swap(swap(new Uint8Array(MAX_STATE + 1))), /1025 bytes/)
    assert.equal(await outcome(states, swap(new Uint8Array(MAX_STATE))), 'ok')
  })

  test(`${name}: what the caller does with its bytes afterwards changes nothing`, async t => {
    const { states } = await open(t)
    const bytes = bytesOf(7)
    await outcome(states, { ...swapNumber(1, []), states: [{ key: 'k', version: 0, bytes }] })
    bytes.fill(0)
    const [mine] = await load(states, 'k')
    mine?.bytes.fill(0)
    assert.equal(counted((await load(states, 'k'))[0]?.bytes ?? bytesOf(0)), 7)
  })
}

for (const [name, open] of Object.entries(STORES))
  test(`${name}: what does not count once may be done twice, and never over another’s change`, async t => {
    const { states, counters } = await open(t)
    const add = { op: 'sum', key: 'k#n', amount: 1, window: DAY } as const
    const swap = (read: readonly KeptState[], n: number) =>
      outcome(states, { at: AT, ops: [add], states: withBytes(read, bytesOf(n)) })
    const read = await load(states, 'k')
    assert.equal(await swap(read, 1), 'ok')
    assert.equal(await swap(read, 2), 'stale')
    assert.equal(await swap(await load(states, 'k'), 3), 'ok')
    assert.equal(counted((await load(states, 'k'))[0]?.bytes ?? bytesOf(0)), 3)
    const sum = await counters.apply({ at: AT, mode: 'peek', ops: [add] })
    assert.equal('readings' in sum && sum.readings[0]?.value, 2)
  })

test('memory: of more than it keeps the longest unused are forgotten', async () => {
  const states = memoryStates(new MemoryCounters(), 3)
  for (const n of [1, 2, 3]) await insist(states, `k${n}`, n)
  await load(states, 'k1')
  await insist(states, 'k4', 4)
  const all = await load(states, 'k1', 'k2', 'k3', 'k4')
  assert.deepEqual(
    all.map(({ bytes }) => counted(bytes)),
    [1, 0, 3, 4],
  )
})

test('kept: of more than it keeps the longest unchanged are forgotten; what does not count once is kept, too', async t => {
  const path = join(folderOf(t), 'c.db')
  const first = await owned(t, openCounters(path, { hotStates: HOT, mostStates: 60 }))
  for (let n = 1; n <= 100; n++)
    await first.states.swap({
      at: AT + n,
      ops: [],
      states: [{ key: `line:${n}`, version: 0, bytes: bytesOf(n) }],
    })
  await first.close()
  const second = await owned(t, openCounters(path, { hotStates: HOT, mostStates: 60 }))
  second.sweep(AT + HOUR)
  const kept: number[] = []
  for (let n = 1; n <= 100; n++) {
    const [state] = await load(second.states, `line:${n}`)
    if (state && state.bytes.length > 0) kept.push(n)
  }
  assert.deepEqual(
    kept,
    Array.from({ length: 60 }, (_, i) => i + 41),
  )
  await second.close()
})

test('kept: a thousand are all there, most of them on the disk alone, also after a restart', async t => {
  const path = join(folderOf(t), 'c.db')
  const keys = Array.from({ length: 1000 }, (_, i) => `line:${i}`)
  const first = await owned(t, openCounters(path, { hotStates: HOT }))
  await Promise.all(keys.map((key, i) => insist(first.states, key, i + 1)))
  const all = async (states: SubjectState) =>
    Promise.all(keys.map(async key => counted((await load(states, key))[0]?.bytes ?? bytesOf(0))))
  const expected = keys.map((_, i) => i + 1)
  assert.deepEqual(await all(first.states), expected)
  await first.close()
  const second = await owned(t, openCounters(path, { hotStates: HOT }))
  assert.deepEqual(await all(second.states), expected)
  second.sweep(AT + 399 * DAY)
  assert.deepEqual(await all(second.states), expected)
  second.sweep(AT + 401 * DAY)
  assert.deepEqual(new Set(await all(second.states)), new Set([0]), 'nobody changed them for long')
  await second.close()
})

test('killed again and again, every swap is there as a whole, once, or not at all', async t => {
  const path = join(folderOf(t), 'c.db')
  let done = 0
  for (const answers of [1, 2, 3, 20, 57]) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../support/state-child.ts'), path, String(done)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    atEnd(t, () => child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    let heard = done
    for await (const line of createInterface({ input: child.stdout })) {
      heard = Number(line)
      if (heard >= done + answers) break
    }
    child.kill('SIGKILL')
    await ended
    const counters = await owned(t, openCounters(path))
    const read = await load(counters.states, 'line:10017', 'login:ann@isp.example')
    const sum = await counters.apply({ at: AT + HOUR, mode: 'peek', ops: numberedOps })
    const n = 'readings' in sum ? (sum.readings[0]?.value ?? 0) : Number.NaN
    assert.deepEqual(
      read.map(({ bytes }) => counted(bytes)),
      [n, n],
      'both states and the counter are of the same swap',
    )
    assert.ok(n >= heard, `${heard} were answered, and ${n} are there`)
    assert.equal(await outcome(counters.states, swapNumber(n, read)), 'repeated')
    assert.equal(await outcome(counters.states, swapNumber(n + 1, read)), 'ok', 'told again')
    done = n + 1
    await counters.close()
  }
})
