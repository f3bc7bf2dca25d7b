// What all that monitoring asks must do, over a real queue and ledger. Every figure there is, of a running server: test/e2e/operations.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { operations } from '../../src/drivers/metrics/operations.ts'
import { storeHealth } from '../../src/drivers/metrics/store-health.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { join } from 'node:path'
import { folderOf, type Owner, owned } from '../support/owned.ts'
import { AT, message, put, recipient } from '../support/spooled.ts'

async function opened(owner: Owner, faults: readonly string[] = []) {
  const folder = folderOf(owner)
  const spool = await owned(owner, openSpool({ folder: join(folder, 'spool') }))
  const { cases, records, audit } = await owned(owner, openLedgerFile(join(folder, 'ledger.db')))
  const shown = operations({
    observes: false,
    spool,
    cases,
    health: storeHealth({ spool, records, audit }),
    dns: () => ({ waiting: 2, ended: 1 }),
    faults: async () => faults,
    connections: () => 7,
    listed: () => undefined,
    certificates: () => [{ name: 'certificate', to: AT + 90_000 }],
    counted: [],
    tellers: () => [],
    worries: () => 3,
    version: '1.2.3',
    startedAt: AT,
    listen: () => undefined,
    now: () => AT + 60_000,
  })
  return { spool, shown }
}

test('how things stand: what waits, by state, and nothing that is not there', async t => {
  const { spool, shown } = await opened(t)
  const held = recipient('b@far.example', { state: 'held' })
  await put(spool, message('m', [recipient('a@far.example'), held, held]), Buffer.from('x'))
  const now = await shown.status()
  assert.deepEqual(now.problems, [])
  assert.deepEqual(now.queue?.map(({ state, recipients }) => [state, recipients]).toSorted(), [
    ['held', 2],
    ['queued', 1],
  ])
  assert.deepEqual(
    { ...now, problems: undefined, queue: undefined },
    {
      version: '1.2.3',
      now: AT + 60_000,
      startedAt: AT,
      problems: undefined,
      queue: undefined,
      inForce: {},
      connections: 7,
      tellers: 0,
      worries: 3,
      certificate: { name: 'certificate', to: AT + 90_000 },
    },
  )
})

test('a fault that is none of a store is one of those that are said', async t => {
  const { shown } = await opened(t, ['no DNS server has answered'])
  assert.deepEqual((await shown.status()).problems, ['no DNS server has answered'])
})

test('what stands in the stores now, in the Prometheus text format; asked twice it is not twice as much', async t => {
  const { spool, shown } = await opened(t)
  const held = recipient('b@far.example', { state: 'held' })
  await put(spool, message('m', [recipient('a@far.example'), held, held]), Buffer.from('x'))
  for (const time of ['first', 'second']) {
    const { contentType, text } = await shown.metrics()
    assert.match(contentType, /^text\/plain; version=/, time)
    assert.match(text, /^cordon_queue_recipients\{state="held"\} 2$/m, time)
    assert.match(text, /^cordon_queue_recipients\{state="queued"\} 1$/m, time)
    assert.match(text, /^cordon_smtp_connections 7$/m, time)
    assert.match(
      text,
      /^cordon_certificate_expires_seconds\{certificate="certificate"\} 30$/m,
      time,
    )
    assert.match(text, /^cordon_unread\{part="queue"\} 0$/m, time)
  }
})

test('a queue that is gone takes its own figures away, and no others', async t => {
  const { spool, shown } = await opened(t)
  await put(spool, message('m', [recipient('a@far.example')]), Buffer.from('x'))
  assert.match((await shown.metrics()).text, /^cordon_queue_recipients\{/m)
  await spool.close()
  const { text } = await shown.metrics()
  assert.doesNotMatch(text, /^cordon_queue_/m)
  assert.match(text, /^cordon_unread\{part="queue"\} 1$/m)
  assert.match(text, /^cordon_unread\{part="decisions"\} 0$/m)
  assert.match(text, /^cordon_smtp_connections 7$/m)
  assert.match(text, /^process_cpu_seconds_total /m)
})

test('all is well: no words; a queue that is gone is said in words, and nothing rejects', async t => {
  const { spool, shown } = await opened(t)
  assert.deepEqual(await shown.problems(), [])
  await spool.close()
  const problems = await shown.problems()
  assert.equal(problems.length, 2)
  for (const words of problems) assert.match(words, /^the queue cannot be (?:written|read)/)
})
