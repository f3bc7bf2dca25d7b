// Errors of the real system: what Node and libuv say, and what the operator reads.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ListenOptions } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sentenceOf } from './sentence-of.ts'

async function listening(where: ListenOptions): Promise<string> {
  const server = createServer()
  const failed = once(server, 'error')
  server.listen(where)
  const [error] = (await failed) as [unknown]
  return sentenceOf(error)
}

test('a socket in a folder that is not there', async () => {
  assert.equal(
    await listening({ path: '/nowhere/at-all/m.sock' }),
    '/nowhere/at-all/m.sock: its folder does not exist. Make it, or write another path.',
  )
})

test('a socket where another program has one', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-sentence-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.sock')
  const first = createServer().listen(path)
  t.after(() => first.close())
  await once(first, 'listening')
  const said = await listening({ path })
  assert.ok(said.startsWith(`${path} is in use by another program.`), said)
})

test('a socket in a folder that this user may not write', () => {
  const error = { code: 'EACCES', syscall: 'listen', address: '/m.sock', port: -1 }
  assert.equal(
    sentenceOf(Object.assign(new Error('listen EACCES'), error)),
    'this user may not make the socket /m.sock. Look at the owner and the mode of its folder.',
  )
})

test('a link-local address without its interface', async () => {
  const said = await listening({ host: 'fe80::1', port: 0 })
  assert.match(said, /^fe80::1: .*link-local.*interface.*\.$/)
})

test('what is thrown and is no Error keeps its words', () => {
  assert.equal(sentenceOf({ message: 'no answer', code: 7 }), 'no answer')
  assert.equal(sentenceOf({ why: 'no answer' }), '{"why":"no answer"}')
  assert.equal(sentenceOf('no answer'), 'no answer')
})
