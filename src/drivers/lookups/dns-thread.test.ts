import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Worker } from 'node:worker_threads'
import { largeDns } from '../../../test/support/large-dns.ts'
import { dnsResolver } from './dns-resolver.ts'
import { openDnsThread } from './dns-thread.ts'

/** One that waits for ever is red. */
const LIMIT = { timeout: 40_000 }

async function opened(t: TestContext) {
  const server = await largeDns()
  t.after(server.stop)
  const threads = threadsOf(t)
  const told: string[] = []
  const dns = await openDnsThread({
    servers: [server.server],
    trouble: (error, about) => told.push(`${about}: ${error}`),
  })
  t.after(() => dns.close())
  return { dns, threads, told }
}

/** Threads in the order in which they are started from now on. */
function threadsOf(t: TestContext): Worker[] {
  const threads: Worker[] = []
  const hear = (worker: Worker) => void threads.push(worker)
  process.on('worker', hear)
  t.after(() => process.off('worker', hear))
  return threads
}

/** ms of this thread. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

test('answers of 64 KB cost the thread that asks for them next to nothing, of whatever kind they are', async t => {
  const { dns } = await opened(t)
  const resolver = dnsResolver(dns, () => 0)
  await resolver.mx('honest.example')
  const spent: number[] = []
  // What another test of this process left to the collector may fall into one turn, not into each of three.
  for (const turn of ['a', 'b', 'c']) {
    const before = cpu()
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => [
        await resolver.mx(`large-x${turn}${i}.example`),
        await resolver.listed(`large-l${turn}${i}.example`),
        await resolver.texts(`large-t${turn}${i}.example`),
      ]),
    )
    spent.push(cpu() - before)
    for (const [mx, listed, texts] of answers) {
      assert.ok(mx && 'value' in mx && mx.value.length === 50, JSON.stringify(mx))
      assert.ok(listed && 'value' in listed && listed.value.length === 50, JSON.stringify(listed))
      assert.ok(texts && 'value' in texts && texts.value.length === 300, JSON.stringify(texts))
    }
  }
  assert.ok(Math.min(...spent) < 60, `${spent.join(', ')} ms for 30 answers`)
})

test('honest names are answered beside zones whose every answer is 64 KB', async t => {
  const { dns } = await opened(t)
  // On a busy machine the DNS server, which is in this process, may answer later than is waited for. Asked again, more of the large ones are read.
  const ask = (name: string) => dns.resolve(name, 'A').catch(async () => dns.resolve(name, 'A'))
  assert.deepEqual(await ask('known.example'), ['10.0.0.0'])
  let large = 0
  const flood = Array.from({ length: 150 }, (_, i) =>
    dns.resolve(`n${i}.large${i % 20}.example`, 'MX').then(
      () => large++,
      () => undefined,
    ),
  )
  await Promise.any(flood)
  const first = large
  const honest = await Promise.all([
    ...Array.from({ length: 30 }, (_, i) => ask(`n${i}.known.example`)),
    ...Array.from({ length: 30 }, (_, i) => ask(`new${i}.example`)),
  ])
  assert.ok(honest.every(found => found.length === 1))
  const then = large
  for (let i = 0; i < 30; i++) assert.equal((await ask(`w${i}.example`)).length, 1)
  // No clock: of 150 few have been read before these are there, and between two of them.
  assert.ok(then - first < 50 && large - then < 30 * 8, `${then - first} and ${large - then}`)
  await dns.close()
  await Promise.all(flood)
})

test(
  'a question without an answer ends in time, and what this thread does meanwhile is not counted',
  LIMIT,
  async t => {
    const { dns } = await opened(t)
    const began = performance.now()
    await assert.rejects(dns.resolve('a.silent.example', 'A'), { code: 'ETIMEOUT' })
    const lasted = performance.now() - began
    assert.ok(lasted > 3900 && lasted < 8000, `${lasted} ms`)
    const asked = dns.resolve('a.example', 'A')
    await new Promise(setImmediate)
    const until = performance.now() + 7000
    while (performance.now() < until);
    assert.deepEqual(await asked, ['10.0.0.0'])
  },
)

test(
  'a thread that ends: what it was asked has no answer, what is asked then waits for the next one, and that is told',
  LIMIT,
  async t => {
    const { dns, threads, told } = await opened(t)
    const under = assert.rejects(dns.resolve('a.silent.example', 'A'), { code: 'ETIMEOUT' })
    await new Promise(setImmediate)
    await threads[0]?.terminate()
    await under
    assert.deepEqual(await dns.resolve('a.example', 'A'), ['10.0.0.0'])
    assert.equal(threads.length, 2)
    assert.equal(told.length, 1)
    assert.match(told[0] ?? '', /^the thread that asks the DNS ended; another one is started/)
    assert.deepEqual(dns.figures(), { waiting: 0, ended: 1 })
    await threads[1]?.terminate()
    assert.deepEqual(await dns.resolve('a.example', 'A'), ['10.0.0.0'])
    assert.equal(dns.figures().ended, 2)
  },
)

test(
  'a thread that does not begin fails its start; one that does not begin again is tried again, and a question waits no longer for it',
  LIMIT,
  async t => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-dns-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const program = join(folder, 'thread.mjs')
    const isBroken = 'throw new Error("broken by the test")'
    const isWell = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', all => parentPort.postMessage(all.map(({ n }) => ({ n, found: ['x'] }))))
    parentPort.postMessage('ready')`
    const told: string[] = []
    const trouble = (error: unknown) => told.push(String(error))
    const needs = { servers: [], file: pathToFileURL(program), trouble }
    writeFileSync(program, isBroken)
    await assert.rejects(openDnsThread(needs), /broken by the test/)
    assert.deepEqual(told, [])
    writeFileSync(program, isWell)
    const started = threadsOf(t)
    const dns = await openDnsThread(needs)
    t.after(() => dns.close())
    assert.deepEqual(await dns.resolve('a.example', 'A'), ['x'])
    writeFileSync(program, isBroken)
    await started[0]?.terminate()
    await assert.rejects(dns.resolve('b.example', 'A'), { code: 'ETIMEOUT' })
    assert.ok(told.length > 3 && told.length < 12, told.join())
    const asked = dns.resolve('c.example', 'A')
    writeFileSync(program, isWell)
    assert.deepEqual(await asked, ['x'])
  },
)

test('a thread that is closed answers nothing more, and keeps nothing waiting', async t => {
  const { dns, told } = await opened(t)
  const asked = assert.rejects(dns.resolve('a.silent.example', 'A'), { code: 'ETIMEOUT' })
  await dns.close()
  await asked
  await assert.rejects(dns.resolve('a.example', 'A'), { code: 'ETIMEOUT' })
  assert.deepEqual(told, [])
})
