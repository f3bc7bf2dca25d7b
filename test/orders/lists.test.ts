// Lists that are longer than an answer: every one says that it is cut and where it goes on, and going on misses nothing and tells nothing
// twice. Cases are found by their code however many there are.

import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { api } from '../../src/doors/http/api.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { openLedger } from '../../src/drivers/ledger/ledger-sql.ts'
import { reading, type ReadingParts } from '../../src/app/reading.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { openSqlite } from '../../src/drivers/sqlite/open-sqlite.ts'
import { nodeSqliteDialect } from '../../src/drivers/sqlite/sqlite-dialect.ts'
import type { Incident } from '../../src/model/incident.ts'
import type { Lease } from '../../src/model/lease.ts'
import type { Page } from '../../src/model/page.ts'
import { customer } from '../support/small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 12)
const MANY = 2345

/** Of the i-th customer; the later opened, the earlier changed. */
const incident = (i: number): Incident => ({
  rev: 0,
  id: `case${i}`,
  caseCode: `C${i}-X`,
  subject: `line:c${i}`,
  subscriber: `c${i}`,
  status: 'watched',
  // Some at the same moment.
  openedAt: START + Math.floor(i / 7),
  changedAt: START + 1_000_000 - i,
  sum: 1,
  holdAt: 5,
  containAt: 10,
  kinds: ['content'],
  epoch: 0,
  summary: 'a test',
})

/** As the ledger writes them, but in one transaction. */
function insert(database: DatabaseSync, all: readonly Incident[]): void {
  const one = database.prepare(
    'INSERT INTO incidents (id, subject, subscriber, open, epoch, changed_at, opened_at, case_code, body) VALUES (?, ?, ?, 1, 0, ?, ?, ?, ?)',
  )
  database.exec('BEGIN')
  for (const { id, subject, subscriber = null, changedAt, openedAt, caseCode, ...rest } of all) {
    const body = { id, subject, subscriber, changedAt, openedAt, caseCode, ...rest }
    one.run(id, subject, subscriber, changedAt, openedAt, caseCode, JSON.stringify(body))
  }
  database.exec('COMMIT')
}

async function crowded() {
  const database = openSqlite(':memory:')
  const ledger = await openLedger(nodeSqliteDialect(database))
  const open = (numbers: readonly number[]) => insert(database, numbers.map(incident))
  const all = Array.from({ length: MANY }, (_, i) => customer(`c${i}`))
  await ledger.customers.changeSubscribers({ changed: all, gone: [] })
  open(all.map((_, i) => i))
  const spool = directSpool()
  const draft = spool.open()
  await draft.write(Buffer.from('Subject: news\r\n\r\n'))
  await draft.commit({
    message: 'M1',
    at: START,
    sender: 'c1@isp.example',
    expires: START + 1e9,
    headers: '',
    subject: 'news',
    nats: 0,
    bounceable: true,
    recipients: all.map((_, i) => ({
      address: `to/${i}@far.example`,
      state: 'queued' as const,
      due: START + (i % 10),
    })),
  })
  const look = reading({
    ...ledger,
    spool,
    subscribers: memorySubscribers(all),
    leases: { isDoubtful: () => false },
    shared: [],
    skew: 0,
  } as unknown as ReadingParts)
  const app = api({
    reading: look,
    refusals: {
      find: async () => undefined,
      about: async () => ({ rows: [], truncated: false, unreadable: [] }),
    },
    eventIndex: { find: async () => ({ events: [], truncated: false, unreadable: [] }) },
    operations: { status: () => assert.fail('not asked') },
    now: () => START,
    trouble: error => assert.fail(String(error)),
  })
  const ask = async (path: string) => {
    const answer = await app.request(`http://localhost${path}`)
    return { status: answer.status, body: await answer.json() }
  }
  return { ledger, open, ask, close: () => Promise.all([ledger.close(), spool.close()]) }
}

type ListAnswer = Page<Record<string, unknown>> & { truncated: boolean }

test('every list says when it is cut, and goes on without a gap', async t => {
  const { ask, close } = await crowded()
  t.after(close)
  for (const [path, placeOf, total] of [
    ['/incidents', row => row['id'], MANY],
    ['/subscribers', row => row['id'], MANY],
    ['/queue', row => row['recipient'], undefined],
  ] as readonly [string, (row: Record<string, unknown>) => unknown, number | undefined][]) {
    const seen: unknown[] = []
    let after = ''
    for (const count of [1000, 1000, 345]) {
      const { body } = await ask(path + after)
      const page = body as ListAnswer
      assert.equal(page.rows.length, count, path)
      assert.equal(page.truncated, count === 1000, path)
      assert.equal(page.next === undefined, count !== 1000)
      assert.equal(page.total, total)
      seen.push(...page.rows.map(placeOf))
      after = `?after=${encodeURIComponent(page.next ?? '')}`
    }
    assert.equal(new Set(seen).size, MANY, path)
    const { body } = await ask(`${path}?limit=3`)
    assert.deepEqual((body as ListAnswer).rows.map(placeOf), seen.slice(0, 3))
    assert.equal((await ask(`${path}?limit=0`)).status, 400)
  }
  for (const path of ['/incidents', '/queue', '/audit', '/leases'])
    assert.equal((await ask(`${path}?after=banana`)).status, 400, path)
})

test('the newest cases come first, by when they were opened', async t => {
  const { ask, close } = await crowded()
  t.after(close)
  const { rows } = (await ask('/incidents')).body as Page<Incident>
  assert.equal(rows[0]?.id, `case${MANY - 1}`)
  assert.deepEqual(
    rows.map(one => one.openedAt),
    rows.map(one => one.openedAt).toSorted((a, b) => b - a),
  )
})

test('a case is found by its code or id behind any number of others', async t => {
  const { ask, close } = await crowded()
  t.after(close)
  for (const name of ['case3', 'C3-X', 'c3-x'])
    assert.equal(
      ((await ask(`/incidents/${name}`)).body as { incident: Incident }).incident.id,
      'case3',
    )
  assert.equal((await ask('/incidents/C9999-X')).status, 404)
})

test('whoever asks for all open cases without a limit has all of them', async t => {
  const { ledger, open, close } = await crowded()
  t.after(close)
  open(Array.from({ length: 9000 }, (_, i) => 10_000 + i))
  assert.equal((await ledger.cases.incidents({ open: true })).length, MANY + 9000)
})

test('of an address that more had than are looked at, nobody is sure', async t => {
  const { ledger, ask, close } = await crowded()
  t.after(close)
  const lease = (i: number): Lease => ({
    realm: 'main',
    prefix: '203.0.113.7/32',
    ports: [1024 + i, 1024 + i],
    subscriber: `c${i}`,
    from: START - i,
  })
  await ledger.leaseRows.putLeases([lease(0), lease(1), lease(2)])
  const who = `/who?address=203.0.113.7&port=1026&at=${START}`
  assert.deepEqual(((await ask(who)).body as { sure: string }).sure, 'certain')
  await ledger.leaseRows.putLeases(Array.from({ length: 1500 }, (_, i) => lease(i)))
  assert.deepEqual(((await ask(who)).body as { sure: string }).sure, 'ambiguous')
})

test('the audit and leases are read by those who ask, in pages', async t => {
  const { ledger, ask, close } = await crowded()
  t.after(close)
  const staff = { kind: 'staff', name: 'eve' } as const
  for (const [i, kind] of ['release', 'impose', 'release'].entries())
    await ledger.audit.add(
      { order: { kind }, actor: staff, at: START + i },
      { done: true, text: String(i) },
    )
  const texts = async (query: string) =>
    ((await ask(`/audit?${query}`)).body as ListAnswer).rows.map(row => row['text'])
  assert.deepEqual(await texts('order=release'), ['2', '0'])
  assert.deepEqual(await texts(`since=${START + 1}&by=staff%20eve`), ['2', '1'])
  const first = (await ask('/audit?limit=1&order=release')).body as ListAnswer
  assert.equal(first.truncated, true)
  assert.deepEqual(await texts(`order=release&after=${first.next}`), ['0'])
  assert.equal((await ask('/audit?since=yesterday')).status, 400)

  const lease = (subscriber: string, from: number): Lease => ({
    realm: 'main',
    prefix: '203.0.113.0/30',
    subscriber,
    from,
    ...(subscriber === 'anna' ? { to: from + 5 } : {}),
  })
  await ledger.leaseRows.putLeases([lease('anna', START), lease('bert', START + 5)])
  const leases = async (query: string) => (await ask(`/leases?${query}`)).body as ListAnswer
  const page = await leases('address=203.0.113.2&limit=1')
  assert.deepEqual([page.rows[0]?.['subscriber'], page.truncated], ['bert', true])
  const rest = await leases(`address=203.0.113.2&after=${encodeURIComponent(page.next ?? '')}`)
  assert.deepEqual(
    rest.rows.map(row => row['subscriber']),
    ['anna'],
  )
  assert.equal((await leases('address=203.0.113.9')).rows.length, 0)
  assert.equal((await ask('/leases?address=banana')).status, 400)
})
