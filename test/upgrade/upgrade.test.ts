// Data of an earlier Cordon, opened by this one: mail that was queued then is delivered now, and what was decided then is
// still in force. first/ was written by the first Cordon that walked: three messages from outside, two large ones
// from a customer, one isolated line.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { cordon, eventually, run, serve } from '../support/serve.ts'
import { freePort } from '../support/free-port.ts'
import { sink } from '../support/smtp-sink.ts'

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

test('a queue that a newer Cordon has written is not touched', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-newer-'))
  await (await openSpool({ folder })).close()
  const database = new DatabaseSync(join(folder, 'spool.db'))
  database.exec('PRAGMA user_version = 99')
  database.close()
  await assert.rejects(openSpool({ folder }), /newer Cordon/)
  rmSync(folder, { recursive: true })
})
