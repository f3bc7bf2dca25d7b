// Cordon is killed while it reads the log of another mail server: nothing of it counts twice, and what came meanwhile is read.

import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'node:test'
import { cordon, eventually, serve, startServer } from '../support/serve.ts'

const ANNA = 'anna@isp.example'
/** ms from the lines to the kill: before they are read, and about when they are. */
const KILLED_AFTER = [0, 1200]
const MESSAGES = 4

const ID_LENGTH = 13
const idOf = (number: number): string => `4G1x2y3z4K${String(number).padStart(3, '0')}`

let n = 0
/** As Postfix writes one message, with long queue ids. */
function messageLines(): string {
  n++
  const id = idOf(n)
  const at = new Date().toISOString()
  const line = (program: string, text: string) =>
    `${at} mx postfix/${program}[100]: ${id}: ${text}\n`
  return [
    line(
      'submission/smtpd',
      `client=unknown[198.51.100.7], sasl_method=PLAIN, sasl_username=${ANNA}`,
    ),
    line('cleanup', `message-id=<${id}@home.example>`),
    line('qmgr', `from=<${ANNA}>, size=1234, nrcpt=1 (queue active)`),
    line(
      'smtp',
      `to=<friend${n}@d${n}.example>, relay=mx.d${n}.example[198.51.100.9]:25, delay=0.8, delays=0.1/0.01/0.3/0.4, dsn=2.0.0, status=sent (250 2.0.0 Ok)`,
    ),
    line('qmgr', 'removed'),
  ].join('')
}

test('killed at once after lines came: no message and no answer is told twice, and what came meanwhile is read', async t => {
  const logs = mkdtempSync(join(tmpdir(), 'cordon-mail-log-'))
  t.after(() => rmSync(logs, { recursive: true, force: true }))
  const log = join(logs, 'mail.log')
  writeFileSync(log, '')
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
resolvers: ["127.0.0.1:1"]
mailLog: [{ file: ${log}, zone: UTC }]
subscribers: [{ id: "1", logins: [{ name: ${ANNA} }] }]
`)
  t.after(served.stop)
  // It has begun to follow.
  appendFileSync(log, messageLines())
  await told(served.folder)
  served.signal('SIGKILL')
  await served.ended
  const file = join(served.folder, 'cordon.yaml')
  const start = async () => {
    const { server } = await startServer(file)
    t.after(() => server.kill('SIGKILL'))
    return server
  }
  // What was told in the last second or two before it was killed may be lost with the journal's end (docs/integrate-postfix.md).
  const atRisk = new Set<string>()
  for (const ms of KILLED_AFTER) {
    const server = await start()
    for (let i = 0; i < MESSAGES; i++) {
      appendFileSync(log, messageLines())
      atRisk.add(idOf(n))
    }
    await setTimeout(ms)
    server.kill('SIGKILL')
    await once(server, 'exit')
    // While it is away.
    for (let i = 0; i < MESSAGES; i++) appendFileSync(log, messageLines())
  }
  await start()
  await told(served.folder)
  // What was read again comes before this one.
  appendFileSync(log, messageLines())
  const all = await told(served.folder)
  for (const kind of ['tx-commit', 'delivery-done']) {
    const messages = all
      .filter(one => one.kind === kind)
      .map(one => one.message?.slice(0, ID_LENGTH))
    assert.equal(new Set(messages).size, messages.length, `${kind}: ${messages.join(' ')}`)
    for (let i = 1; i <= n; i++)
      assert.ok(messages.includes(idOf(i)) || atRisk.has(idOf(i)), `${kind} of ${idOf(i)}`)
  }
})

type ToldMail = { readonly kind: string; readonly message?: string }

/** Events, when the last message and its answer are among them. */
async function told(folder: string): Promise<readonly ToldMail[]> {
  const last = idOf(n)
  return eventually(async () => {
    const { output } = await cordon(folder, 'events', ANNA, '--json')
    const { rows } = JSON.parse(output) as { rows: readonly ToldMail[] }
    const its = rows.filter(({ message }) => message?.startsWith(last))
    return its.some(({ kind }) => kind === 'delivery-done') ? rows : undefined
  })
}
