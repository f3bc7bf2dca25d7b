// What the command line says when the one that it asks does not answer as a Cordon does: one sentence each, and the exit code of "no server".

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { run } from '../../test/support/serve.ts'
import { ask, askReload } from './control-client.ts'
import { NoServer } from './failures.ts'

const CLI = join(import.meta.dirname, 'cordon.ts')

/** A folder with a control socket whose server says this and ends, or only listens. */
async function answering(t: TestContext, words: string | undefined) {
  const data = mkdtempSync(join(tmpdir(), 'cordon-client-'))
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      server.emit('asked')
      if (words !== undefined) socket.end(words)
    })
  })
  await once(server.listen(join(data, 'control.sock')), 'listening')
  t.after(() => {
    for (const one of open) one.destroy()
    server.close()
    rmSync(data, { recursive: true, force: true })
  })
  return { data, asked: once(server, 'asked') }
}

const http = (status: string, body: string, length = body.length) =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`

for (const [what, words, said] of [
  [
    'an answer that breaks off',
    http('200 OK', '{"rows":[', 5000),
    /ended in the middle of its answer/,
  ],
  ['no answer at all', '', /ended without an answer/],
  ['what is not HTTP', 'hello\r\n\r\n', /not as Cordon does/],
  ['an empty answer', http('200 OK', ''), /an empty answer/],
  ['an answer that is not JSON', http('200 OK', 'hi'), /not JSON/],
  ['500 without our JSON', http('500 Internal Server Error', '{}'), /answers 500/],
  ['502 in words', http('502 Bad Gateway', '<html>\nno</html>'), /answers 502/],
  ['an error that is no problem', http('500 x', '{"error":"no"}'), /answers 500/],
] as const)
  test(`${what}: one sentence, and the code of no server`, async t => {
    const { data } = await answering(t, words)
    for (const command of [['incident', 'list'], ['reload']]) {
      const { code, output } = await run(process.execPath, [CLI, ...command, '--data', data])
      assert.equal(code, 69, output)
      assert.match(output, /^cordon: [^\n]+\n$/)
      assert.match(output, said)
    }
  })

test('a command with no server says so in one sentence', async t => {
  const data = mkdtempSync(join(tmpdir(), 'cordon-client-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  for (const command of [['queue', 'flush'], ['reload']]) {
    const { code, output } = await run(process.execPath, [CLI, ...command, '--data', data])
    assert.equal(code, 69, output)
    assert.match(output, /^cordon: no Cordon answers at [^\n]+\n$/)
  }
})

test('what Cordon refuses, and what cannot be meant, are sentences as well', async t => {
  const { data } = await answering(t, http('404 Not Found', '{"error":{"message":"no such case"}}'))
  const refused = await run(process.execPath, [CLI, 'subscriber', 'show', 'x', '--data', data])
  assert.deepEqual(refused, { code: 1, output: 'cordon: no such case\n' })
})

test('the client waits half a minute for an answer', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  for (const asking of [
    (data: string) => ask({ data }, '/incidents'),
    (data: string) => askReload({ data }, {}),
  ]) {
    const { data, asked } = await answering(t, undefined)
    const answer = assert.rejects(asking(data), (error: unknown) => {
      assert.ok(error instanceof NoServer)
      assert.match(error.message, /has not answered for 30 s.* may still/)
      return true
    })
    await asked
    t.mock.timers.tick(30_000)
    await answer
  }
})
