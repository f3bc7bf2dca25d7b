import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freeSocket } from './free-socket.ts'

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-socket-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'socket')
}

test('a file that is no socket stays', async t => {
  const path = place(t)
  writeFileSync(path, 'somebody needs this')
  await assert.rejects(freeSocket(path), /is no socket\. Move it away/)
  assert.equal(readFileSync(path, 'utf8'), 'somebody needs this')
})

test('a socket at which a program answers stays that program’s', async t => {
  const path = place(t)
  const server = createServer()
  server.listen(path)
  await once(server, 'listening')
  await assert.rejects(freeSocket(path), /is in use by another program/)
  assert.ok(existsSync(path))
  server.close()
})

test('what a killed program left behind goes, and nothing is nothing', async t => {
  const path = place(t)
  await freeSocket(path)
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('here'))`
  const child = spawn(process.execPath, ['--eval', script])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.ok(existsSync(path))
  await freeSocket(path)
  assert.ok(!existsSync(path))
})
