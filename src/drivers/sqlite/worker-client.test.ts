import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { DyingCall } from '../../../test/support/dying-store.ts'
import { StoreUnavailable } from '../../model/errors.ts'
import { GIVE_UP, startWorker } from './worker-client.ts'
import { MAX_CALLS } from './worker-thread.ts'

const FILE = new URL('../../../test/support/dying-store.ts', import.meta.url)

/** A store whose waits are over at once; `clock` goes on by each of them, or by more. */
async function store(t: TestContext, path: string, { pause = 0 } = {}) {
  const clock = { now: 0 }
  const waits: number[] = []
  const told: string[] = []
  const broken: Error[] = []
  const client = await startWorker<DyingCall, number>({
    file: FILE,
    start: () => ({ path, synchronous: 'NORMAL' }),
    trouble: error => told.push(String(error)),
    broken: error => broken.push(error),
    now: () => clock.now,
    after: (ms, call) => {
      waits.push(ms)
      clock.now += Math.max(ms, pause)
      const set = setImmediate(call)
      return () => clearImmediate(set)
    },
  })
  t.after(() => client.close())
  /** Asks until a thread is there to answer. */
  const insist = async (call: DyingCall): Promise<number> => {
    for (;;)
      try {
        return await client.ask(call)
      } catch {
        await new Promise(resolve => setImmediate(resolve))
      }
  }
  return { client, clock, waits, told, broken, insist }
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-worker-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'store.db')
}

const unavailable = (halfDone: boolean) => (error: unknown) => {
  assert.ok(error instanceof StoreUnavailable, String(error))
  assert.equal(error.halfDone, halfDone)
  return true
}

test('a thread that ends in the middle of a call is followed by another; the call is refused once', async t => {
  const { client, told, waits, insist } = await store(t, temporary(t))
  assert.equal(await client.ask('add'), 1)
  // Both are on their way when it ends: whether the second was done is not known.
  const calls = [client.ask('exit'), client.ask('add')]
  for (const call of calls) await assert.rejects(call, unavailable(true))
  await assert.rejects(client.ask('count'), unavailable(false))
  assert.equal(await insist('count'), 1)
  assert.equal(await client.ask('add'), 2)
  assert.equal(told.length, 1)
  assert.deepEqual(waits, [100])
})

test('an exception ends a thread; what it has answered before is answered', async t => {
  const { client, told, insist } = await store(t, temporary(t))
  assert.equal(await client.ask('throw'), 0)
  while (told.length === 0) await new Promise(resolve => setImmediate(resolve))
  assert.equal(await insist('add'), 1)
  assert.match(told.join(), /thrown by the test/)
})

test('it is tried again later and later, and as if for the first time after a minute of quiet', async t => {
  const { client, clock, waits, insist } = await store(t, temporary(t))
  for (let i = 0; i < 3; i++) {
    await assert.rejects(client.ask('exit'))
    await insist('count')
  }
  clock.now += 61_000
  await assert.rejects(client.ask('exit'))
  await insist('count')
  assert.deepEqual(waits, [100, 200, 400, 100])
})

test('a file that stays damaged is given up after five minutes, and the last word is why', async t => {
  const path = temporary(t)
  const { client, waits, broken } = await store(t, path, { pause: GIVE_UP / 4 })
  for (const tail of ['', '-wal', '-shm'])
    writeFileSync(`${path}${tail}`, 'no database'.repeat(999))
  await assert.rejects(client.ask('exit'))
  while (broken.length === 0) await new Promise(resolve => setImmediate(resolve))
  assert.equal(waits.length, 4)
  assert.match(String(broken[0]), /store\.db cannot be used: file is not a database/)
  await assert.rejects(client.ask('count'), /not a database/)
})

test('what the world does not let it open is tried for ever', async t => {
  const path = temporary(t)
  const { client, waits, broken, insist } = await store(t, path, { pause: GIVE_UP })
  for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true })
  mkdirSync(path)
  await assert.rejects(client.ask('exit'))
  while (waits.length < 4) await new Promise(resolve => setImmediate(resolve))
  rmSync(path, { recursive: true })
  assert.equal(await insist('add'), 1)
  assert.deepEqual(broken, [])
})

test('the first thread must open, or there is none', async t => {
  const path = temporary(t)
  writeFileSync(path, 'no database'.repeat(999))
  const before = process.getActiveResourcesInfo().toSorted()
  await assert.rejects(store(t, path), /store\.db cannot be used: file is not a database/)
  assert.deepEqual(process.getActiveResourcesInfo().toSorted(), before)
})

test('closed while it waits for another try: nothing is opened any more', async t => {
  const path = temporary(t)
  const client = await startWorker<DyingCall, number>({
    file: FILE,
    start: () => ({ path, synchronous: 'NORMAL' }),
    trouble: () => undefined,
    broken: assert.fail,
    after: (_ms, _call) => () => undefined,
  })
  await assert.rejects(client.ask('exit'))
  await client.close()
  await assert.rejects(client.ask('count'), /is closed/)
})

test('calls that wait have a bound: more are refused at once, and those before are answered', async t => {
  const { client } = await store(t, temporary(t))
  const calls = Array.from({ length: MAX_CALLS + 1 }, () => client.ask('add'))
  await assert.rejects(calls.pop() as Promise<number>, /calls wait already/)
  assert.equal((await Promise.all(calls)).at(-1), MAX_CALLS)
})
