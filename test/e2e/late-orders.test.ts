// Whoever gives an order waits for half a minute. A server that stood still for longer does not do it when it goes on: nobody knows of it then.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cordon, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
subscribers: [{ id: "10017", logins: [{ name: anna@isp.example }] }]
`

test('an order that its giver gave up, because the server stood still (SIGSTOP), is not done when that goes on', async t => {
  const served = await serve(CONFIG)
  // A process that stands still ends by nothing else.
  t.after(async () => {
    served.signal('SIGCONT')
    await served.stop()
  })
  const staff = (...words: readonly string[]) => cordon(served.folder, ...words)
  const impose = (subject: string, decision: string) =>
    staff('incident', 'impose', subject, decision, '--why', 'a test')
  served.signal('SIGSTOP')
  const [line, reload] = await Promise.all([impose('line:10017', 'isolate'), staff('reload')])
  served.signal('SIGCONT')
  for (const { code, output } of [line, reload]) {
    assert.equal(code, 69, output)
    assert.match(output, /has not answered for 30 s .*is not begun any more/)
  }
  // What came before this one has been read by then.
  const done = await impose('login:anna@isp.example', 'stop-login')
  assert.equal(done.code, 0, done.output)
  const { rows: cases } = JSON.parse((await staff('incident', 'list', '--json')).output) as {
    readonly rows: readonly { readonly subject: string }[]
  }
  assert.deepEqual(
    cases.map(({ subject }) => subject),
    ['login:anna@isp.example'],
  )
  const audit = await staff('audit-log', '--json')
  const given = (JSON.parse(audit.output) as { rows: { order: string }[] }).rows
  assert.deepEqual(
    given.map(({ order }) => order),
    ['impose'],
    audit.output,
  )
})
