// Reports of TLS in the real program, whose clock runs: what was counted yesterday is told today, and one that cannot be delivered is no mail to
// the operator, whose postmaster a stranger could fill with those.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { scaledClock } from '../../src/drivers/clock/clocks.ts'
import { DAY } from '../../src/model/duration.ts'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'
import { eventually } from '../support/serve.ts'
import { smallDns } from '../support/small-dns.ts'

const POSTMASTER = 'postmaster@isp.example'

/** A server that tells of DSN, takes no recipient, and keeps what was said to it. */
async function refusing(t: { after(end: () => void): void }) {
  const said: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.write('220 mx.far.example\r\n')
    socket.on('data', chunk => {
      const line = chunk.toString('latin1').trim()
      said.push(line)
      if (line.startsWith('EHLO')) socket.write('250-mx.far.example\r\n250 DSN\r\n')
      else if (line.startsWith('RCPT')) socket.write('550 5.1.1 no such mailbox\r\n')
      else if (line === 'QUIT') socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, said }
}

test('a report that cannot be delivered ends in the log, and asks other servers for no DSN', async t => {
  const far = await refusing(t)
  const dns = await smallDns(name =>
    name === '_smtp._tls.far.example'
      ? 'v=TLSRPTv1; rua=mailto:a@nowhere.example,mailto:b@far.example'
      : undefined,
  )
  t.after(dns.stop)
  const folder = mkdtempSync(join(tmpdir(), 'cordon-tls-reports-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const config = {
    ...leastConfig(folder),
    resolvers: [dns.server],
    mailboxes: [POSTMASTER],
    routes: { 'far.example': { host: '127.0.0.1', port: far.port } },
  }
  await (await reloadScene(() => config)).end()
  const ledger = new DatabaseSync(join(folder, 'ledger.db'))
  const day = new Date(Date.now() - DAY).toISOString().slice(0, 10)
  const id = `${day} far.example`
  const policy = { kind: 'no-policy-found', domain: 'far.example', lines: [], mx: [] }
  const body = JSON.stringify({ id, policies: [{ policy, good: 1, failed: 0, failures: [] }] })
  ledger
    .prepare('INSERT INTO records (kind, id, body) VALUES (?, ?, ?)')
    .run('tls-report', id, body)
  ledger.close()

  const scene = await reloadScene(() => config, { clock: scaledClock(2000) })
  t.after(scene.end)
  const failed = () => scene.events.filter(one => one.kind === 'delivery-failed').length
  await eventually(() => failed() === 2 || undefined)
  const [rcpt] = far.said.filter(line => line.startsWith('RCPT'))
  assert.equal(rcpt, 'RCPT TO:<b@far.example> NOTIFY=NEVER')
  assert.ok(far.said.includes(`MAIL FROM:<${POSTMASTER}>`), far.said.join('\n'))
  // A report to a sender is in the queue before its mail is struck off.
  const inbox = join(folder, 'mailboxes', POSTMASTER, 'new')
  assert.deepEqual(existsSync(inbox) ? readdirSync(inbox) : [], [])
})
