// A thread of a store ends (nobody knows why): what was under way is refused, another thread takes its place, nothing that was
// acknowledged is gone, nothing is there twice, and what was lent for delivery stays lent.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { DAY } from '../../src/model/duration.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { Ledger } from '../../src/ports/ledger.ts'
import type { Spool } from '../../src/ports/spool.ts'
import { folderOf, owned } from '../support/owned.ts'
import { eventually } from '../support/serve.ts'

const AT = Date.UTC(2026, 0, 5)

/** Threads in the order in which they were started. */
function threads(t: TestContext): Worker[] {
  const started: Worker[] = []
  const hear = (worker: Worker) => void started.push(worker)
  process.on('worker', hear)
  t.after(() => process.off('worker', hear))
  return started
}

async function put(spool: Spool, id: string, size = 10): Promise<void> {
  const draft = spool.open()
  await draft.write(Buffer.alloc(size, 'x'))
  await draft.commit({
    message: id,
    at: AT,
    sender: 'a@meadow.example',
    expires: AT + DAY,
    headers: '',
    subject: id,
    nats: 0,
    bounceable: false,
    recipients: [{ address: 'sink@isp.example', state: 'queued', due: AT }],
  })
}

const keep = ({ records }: Ledger, id: string, body: string) =>
  records.put({ kind: 'test', id, body, expectedRev: 0 })

/** Isolates one line, for one unit of evidence, with one letter. */
function saveCase({ cases }: Ledger, name: string): Promise<'saved' | 'stale'> {
  const subject = `line:${name}` as const
  const of = { incident: `i-${name}`, subject, at: AT }
  return cases.saveCase({
    expectedRev: 0,
    incident: {
      id: `i-${name}`,
      rev: 0,
      caseCode: name,
      subject,
      subscriber: name,
      status: 'contained',
      openedAt: AT,
      changedAt: AT,
      sum: 9,
      holdAt: 4,
      containAt: 8,
      kinds: [],
      epoch: 0,
      summary: '',
    },
    decisions: [{ ...of, id: `d-${name}`, kind: 'isolate', until: AT + DAY, by: 'evidence' }],
    evidence: [
      { ...of, id: `u-${name}`, nats: 9, kinds: [], cell: 'x', why: 'x', sum: 9, forgotten: 0 },
    ],
    notices: [
      { ...of, id: `n-${name}`, subscriber: name, notice: 'isolated', to: 'x@isp.example' },
    ],
  })
}

/** Tries until it goes well. */
const insist = <T>(work: () => Promise<T>) => eventually(() => work().catch(() => undefined))

for (const size of [10, 200_000])
  test(`the queue's writer ends among commits, ${size} bytes: what was acknowledged is there, once`, async t => {
    const started = threads(t)
    const folder = folderOf(t)
    const spool = await owned(t, openSpool({ folder }))
    const ids = Array.from({ length: 40 }, (_, i) => `m${i}`)
    const commits = ids.map(id =>
      put(spool, id, size).then(
        () => id,
        () => undefined,
      ),
    )
    // One of them is in the queue, others are on their way.
    await Promise.any(commits)
    await started[0]?.terminate()
    const taken = (await Promise.all(commits)).filter(id => id !== undefined)
    await insist(async () => (await put(spool, 'after', size), true))
    const queue = (await spool.list({ limit: 100 })).map(row => row.message)
    assert.equal(new Set(queue).size, queue.length, 'somebody is there twice')
    assert.deepEqual(
      [...taken, 'after'].filter(id => !queue.includes(id)),
      [],
      'acknowledged and gone',
    )
    for (const id of queue) {
      let length = 0
      for await (const chunk of await spool.body(id)) length += chunk.length
      assert.equal(length, size, `${id} has lost its body`)
    }
    await spool.close()
  })

test("the queue's reader ends: what is out for delivery stays out, the rest is lent", async t => {
  const started = threads(t)
  const spool = await owned(t, openSpool({ folder: folderOf(t) }))
  await put(spool, 'out')
  await put(spool, 'back')
  const lent = await spool.claim(AT, 10, DAY)
  assert.equal(lent.length, 2)
  const asked = spool.totals().catch(error => error as Error)
  await started[1]?.terminate()
  await asked
  // Given back while no reader was there.
  const back = lent.find(claim => claim.message === 'back')?.recipients[0]?.id ?? 0
  await spool.settle([{ recipient: back, outcome: 'later', nextAttempt: AT }])
  await put(spool, 'new')
  const claims = await insist(() => spool.claim(AT, 10, DAY))
  assert.deepEqual(claims.map(claim => claim.message).toSorted(), ['back', 'new'])
  await spool.close()
})

test("the ledger's writer ends: it can be written again, and what was saved is there", async t => {
  const started = threads(t)
  const path = join(folderOf(t), 'ledger.db')
  const ledger = await owned(t, openLedgerFile(path))
  await keep(ledger, 'before', '1')
  const under = keep(ledger, 'under way', '2').catch(() => undefined)
  await started[0]?.terminate()
  await under
  await insist(async () => (await keep(ledger, 'after', '3'), true))
  const bodies = (await ledger.records.list('test')).map(row => row.body)
  assert.ok(bodies.includes('1') && bodies.includes('3'), bodies.join())
  await ledger.close()
})

test("the ledger's writer ends while cases are saved: who asked is told, and all of it is there afterwards, once", async t => {
  const started = threads(t)
  const path = join(folderOf(t), 'ledger.db')
  const ledger = await owned(t, openLedgerFile(path))
  const cursor = await ledger.changes.end()
  const names = Array.from({ length: 30 }, (_, i) => `c${i}`)
  const answers = names.map(name => saveCase(ledger, name).catch(error => error as Error))
  // Some are on disk, others are on their way.
  await Promise.any(answers)
  await started[0]?.terminate()
  const late = saveCase(ledger, 'late').catch(error => error as Error)
  const refused = (await Promise.all([...answers, late])).filter(one => one !== 'saved')
  assert.ok(refused.length > 0 && refused.every(one => one instanceof StoreUnavailable))
  for (const name of [...names, 'late'])
    assert.equal(ledger.cases.inForce(`line:${name}`).length, 1, 'it is in force all the same')
  await eventually(async () => {
    const page = await ledger.changes.since(cursor)
    const told = page === 'resync' ? [] : page.rows.filter(row => row.kind === 'case')
    return new Set(told.map(row => row.incident.id)).size === 31 ? true : undefined
  })
  await ledger.close()
  const again = await owned(t, openLedgerFile(path))
  for (const name of [...names, 'late']) {
    assert.equal(again.cases.open(`line:${name}`)?.rev, 1)
    assert.equal(again.cases.inForce(`line:${name}`).length, 1)
    const evidence = await again.cases.evidence(`line:${name}`, 10)
    assert.deepEqual(
      evidence.map(({ id }) => id),
      [`u-${name}`],
    )
    assert.equal((await again.notices.notices(`i-${name}`)).length, 1)
  }
  await again.close()
})

test('the ledger is closed while it has no writer: what memory holds and the disk does not is said', async t => {
  const started = threads(t)
  const told: string[] = []
  const path = join(folderOf(t), 'ledger.db')
  const ledger = await owned(
    t,
    openLedgerFile(path, { trouble: error => told.push(String(error)) }),
  )
  await started[0]?.terminate()
  await assert.rejects(saveCase(ledger, 'anna'), StoreUnavailable)
  await ledger.close()
  assert.match(told.join(' '), /rows of cases were in force and could not be written/)
})

test('the writer of the counters ends: what changed meanwhile is written by the next one', async t => {
  const started = threads(t)
  const path = join(folderOf(t), 'counters.db')
  const told: string[] = []
  const counters = await owned(
    t,
    openCounters(path, { trouble: error => told.push(String(error)) }),
  )
  const count = (key: string) =>
    counters.apply({ at: AT, mode: 'take', ops: [{ op: 'mark', key, ttl: DAY }] })
  await count('before')
  await started[0]?.terminate()
  await count('after')
  await eventually(() => (started.length === 2 ? true : undefined))
  await new Promise(resolve => started[1]?.once('message', resolve))
  await counters.close()
  assert.match(told[0] ?? '', /counters\.db is closed/)
  const again = await owned(t, openCounters(path))
  const found = await again.apply({
    at: AT,
    mode: 'peek',
    ops: ['before', 'after'].map(key => ({ op: 'mark', key, ttl: DAY }) as const),
  })
  assert.deepEqual('readings' in found && found.readings.map(one => one.value), [1, 1])
  await again.close()
})
