// Data of an earlier Cordon, opened by this one: mail that was queued then is delivered now, and what was decided then is
// still in force. first/ was written by the first Cordon that walked: three messages from outside, two large ones
// from a customer, one isolated line. second/ was written by 836b6e8 as second/made-by.txt says: mail that waits and mail that is held, a
// line whose port 25 is redirected, protocol violations, a rollout and what was said of them in the words of that time.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { readJournal } from '../../src/drivers/journal/read-journal.ts'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { countedBefore } from '../../src/drivers/counters/counted-before.ts'
import { openRowFile } from '../../src/drivers/counters/row-file.ts'
import { openIndexFile } from '../../src/drivers/journal/index-file.ts'
import { openLedgerFile } from '../../src/drivers/ledger/ledger-file.ts'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { cordon, eventually, run, serve } from '../support/serve.ts'
import { freePort } from '../support/free-port.ts'
import { sink } from '../support/smtp-sink.ts'

/** The configuration of `second/`, in today's words: nothing of it is gone. */
const SECOND = `hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: 0 }, { kind: redirected, port: 0 }, { kind: trusted-network, port: 0 }]
routes: { "*": { host: 127.0.0.1, port: 1 } }
subscribers:
  - { id: kd1, logins: [{ name: anna@isp.example }] }
  - { id: kd2, logins: [{ name: bert@isp.example }] }
leases:
  - { realm: main, prefix: 127.0.0.11/32, subscriber: kd1 }
  - { realm: main, prefix: 127.0.0.12/32, subscriber: kd2 }
webhooks: [{ url: "HOOK", secret: "0123456789abcdef0123456789abcdef" }]
nftables: [{ command: ["true"], consumers: [127.0.0.0/24] }]
rollout: { parts: [{ name: north, prefixes: [127.0.0.0/24], date: 2026-12-15 }] }
strangers: { protocolViolations: [pipelining, private-verb] }
policyService: { port: 0, skipRules: [relay] }
`

test('the queue and the decisions of the first Cordon are taken over', async t => {
  const port = await freePort()
  const outside = await sink('127.0.0.1', port)
  t.after(outside.stop)
  const served = await serve(
    `hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: 0 }]
routes: { "*": { host: 127.0.0.1, port: ${port} } }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example }] }]
`,
    async folder => {
      await run('tar', ['xzf', join(import.meta.dirname, 'first/data.tar.gz'), '-C', folder])
      // Its keys were not put into the archive.
      mkdirSync(join(folder, 'data/keys'))
      writeFileSync(join(folder, 'data/keys/begin-anew'), '')
    },
  )
  t.after(served.stop)
  await eventually(() =>
    outside.taken().filter(mail => mail.length > 99_000).length === 2 ? true : undefined,
  )
  const box = join(served.folder, 'data/mailboxes/sink@isp.example/new')
  await eventually(() => {
    try {
      return readdirSync(box).length === 3 ? true : undefined
    } catch {
      return undefined
    }
  })
  for (const name of readdirSync(box))
    assert.match(readFileSync(join(box, name), 'utf8'), /inbound/)
  const incidents = await cordon(served.folder, 'incident', 'list', '--json')
  assert.match(incidents.output, /"caseCode": ?"XQ-0171"/)
})

/** How long ago `second/` was written: its mail and its decisions are moved to today, or they would be over. */
function moveToToday(data: string): void {
  const spool = new DatabaseSync(join(data, 'spool/spool.db'))
  const since =
    Date.now() - Number(spool.prepare('SELECT max(at) AS at FROM message').get()?.['at'])
  spool.exec(`UPDATE message SET at = at + ${since}, expires = expires + ${since};
    UPDATE recipient SET due = iif(state = 'queued', 0, due + ${since})`)
  spool.close()
  const ledger = new DatabaseSync(join(data, 'ledger.db'))
  for (const [table, columns, fields] of [
    ['decisions', ['at'], ['at', 'until']],
    ['incidents', ['changed_at', 'opened_at'], ['openedAt', 'changedAt']],
  ] as const) {
    const moved = columns.map(one => `${one} = ${one} + ${since}`)
    const inside = fields.map(one => `'$.${one}', json_extract(body, '$.${one}') + ${since}`)
    ledger.exec(
      `UPDATE ${table} SET ${moved.join(', ')}, body = json_set(body, ${inside.join(', ')})`,
    )
  }
  ledger.close()
}

test('what the last release has stored under words of its own is opened, listed and released', async t => {
  const port = await freePort()
  const outside = await sink('127.0.0.1', port)
  t.after(outside.stop)
  const hook = createServer((_request, response) => void response.end()).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  t.after(() => hook.close())
  let journal = ''
  const { port: hookPort } = hook.address() as AddressInfo
  const served = await serve(
    SECOND.replace('port: 1 ', `port: ${port} `).replace('HOOK', `http://127.0.0.1:${hookPort}/`),
    async folder => {
      await run('tar', ['xzf', join(import.meta.dirname, 'second/data.tar.gz'), '-C', folder])
      mkdirSync(join(folder, 'data/keys'))
      writeFileSync(join(folder, 'data/keys/begin-anew'), '')
      moveToToday(join(folder, 'data'))
      // Before it is older than a journal is kept.
      for await (const event of readJournal(join(folder, 'data/journal'), 0))
        journal += `${JSON.stringify(event)}\n`
    },
  )
  t.after(served.stop)
  const said = async (...words: readonly string[]) => (await cordon(served.folder, ...words)).output
  // Its parameters of ESMTP went with it.
  await eventually(() =>
    outside.taken().some(mail => /RET=HDRS ENVID=upgrade-1[^]*NOTIFY=DELAY ORCPT/.test(mail))
      ? true
      : undefined,
  )
  const cases = await said('incident', 'list')
  assert.match(cases, /9A-XM3W .* redirect-25 .*line:kd1/)
  assert.match(await said('evidence', 'kd1'), /\+4\.6 +4\.6 +network .*private-verb/)
  assert.match(await said('audit-log', '--order', 'rollback-rollout'), /north/)
  assert.match(await said('subscriber', 'show', 'kd1'), /webhook: 127\.0\.0\.11\/32 redirect-25/)
  assert.match(journal, /"kind":"protocol-violation"/)
  assert.match(journal, /"listener":"redirected"/)
  assert.doesNotMatch(journal, /misbehaved|manners":|turned-round|turn-round"|"bits"/)
  assert.match(await said('queue', 'list'), /held .*bert@isp\.example/)
  assert.match(
    await said('incident', 'release', 'YA-4W9T', '--send-held'),
    /is released.*1 message is on its way/,
  )
  await eventually(() => (outside.taken().some(mail => mail.includes('held')) ? true : undefined))
})

test('a queue that a newer Cordon has written is not touched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-newer-'))
  await (await openSpool({ folder })).close()
  const database = new DatabaseSync(join(folder, 'spool.db'))
  database.exec('PRAGMA user_version = 99')
  database.close()
  await assert.rejects(openSpool({ folder }), /newer Cordon/)
  rmSync(folder, { recursive: true })
})

test('a ledger that a newer Cordon has written is not touched, and not called damaged', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-newer-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'ledger.db')
  await (await openLedgerFile(path)).close()
  inFile(path, file =>
    file.exec("INSERT INTO kysely_migration VALUES ('999-later', '2027-01-01T00:00:00Z')"),
  )
  const content = () =>
    inFile(path, file => [
      file.prepare('SELECT * FROM sqlite_schema').all(),
      file.prepare('SELECT * FROM kysely_migration').all(),
    ])
  const before = content()
  await assert.rejects(
    openLedgerFile(path, { inUse: true }),
    /^NewerCordon: the ledger was written by a newer Cordon; nothing in it was changed\./,
  )
  assert.deepEqual(content(), before)
})

test('counters that a newer Cordon has written are not set aside as damaged', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-newer-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'counters.db')
  openRowFile(path).close()
  inFile(path, file => file.exec('PRAGMA user_version = 99'))
  assert.throws(() => countedBefore(path, () => new MemoryCounters(), true), /NewerCordon: .*newer/)
  assert.deepEqual(readdirSync(folder), ['counters.db'])
})

test('an event index that a newer Cordon has written is made anew', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-newer-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'event-index.db')
  inFile(path, file => file.exec('CREATE TABLE file (later TEXT); PRAGMA user_version = 99'))
  const index = openIndexFile(path)
  assert.deepEqual(index.states(''), [])
  index.close()
})

function inFile<T>(path: string, work: (file: DatabaseSync) => T): T {
  const file = new DatabaseSync(path)
  try {
    return work(file)
  } finally {
    file.close()
  }
}
