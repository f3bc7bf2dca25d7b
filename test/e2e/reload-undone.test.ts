// A reload that is taken back before the restart it waits for: nothing of it was ever in force, so nobody is asked why, then or at a start.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLI } from '../support/program.ts'
import { cordon, run, serve, startServer } from '../support/serve.ts'
import { once } from 'node:events'

const config = `
hostname: mail.isp.example
domains: [isp.example, old.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }]
`

test('a listener, a domain and a section that a reload added go again without a reason, and it starts', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  const more = `${before
    .replace('old.example', 'old.example, tinny.example')
    .replace(
      'port: 0 }]',
      'port: 0 }, { kind: submission, port: 0 }]',
    )}flows: { port: 0, exporters: [192.0.2.1] }\n`
  for (const text of [more, before]) {
    writeFileSync(file, text)
    const done = await cordon(served.folder, 'reload')
    assert.equal(done.code, 0, done.output)
  }
  // What was in force is still not lost by a slip.
  writeFileSync(file, before.replace(', old.example', ''))
  const lost = await cordon(served.folder, 'reload')
  assert.equal(lost.code, 1, lost.output)
  assert.match(lost.output, /what would be lost: the domain old\.example is gone\. /)

  writeFileSync(file, before)
  served.signal('SIGKILL')
  await served.ended
  const { server } = await startServer(file)
  server.kill('SIGTERM')
  await once(server, 'exit')
})

test('a listener that was moved for a reason moves back without one, and what was lost for one is not asked again', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  const moved = before
    .replace('kind: inbound', 'kind: submission')
    .replace(', old.example', ', new.example')
  writeFileSync(file, moved)
  const despite = await cordon(served.folder, 'reload', '--despite', 'it moves')
  assert.equal(despite.code, 0, despite.output)
  // Nobody restarts it in time: the next start finds the file undone.
  writeFileSync(file, before)
  served.signal('SIGKILL')
  await served.ended
  const { server } = await startServer(file)
  const ended = once(server, 'exit')
  writeFileSync(file, moved)
  const again = await cordon(served.folder, 'reload', '--despite', 'it moves')
  assert.equal(again.code, 0, again.output)
  server.kill('SIGKILL')
  await ended
  writeFileSync(file, moved.replace(', new.example', ''))
  const { server: last } = await startServer(file)
  last.kill('SIGTERM')
  await once(last, 'exit')
  // Now it was in force.
  writeFileSync(file, before)
  const start = await run(process.execPath, [CLI, 'serve', '--config', file])
  assert.equal(start.code, 78, start.output)
  assert.match(start.output, /^configuration: the submission listener on port 0 is gone since/)
})
