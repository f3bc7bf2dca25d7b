// `cordon lab`, as an operator runs it: the whole story holds, and nothing is left behind, neither after it nor after Ctrl-C.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const CLI = join(import.meta.dirname, '../../src/cli/cordon.ts')

/** Where this file's labs keep what they have; other labs on this machine are nobody's business here. */
const TMPDIR = mkdtempSync(join(tmpdir(), 'cordon-lab-test-'))
after(() => rmSync(TMPDIR, { recursive: true, force: true }))

const start = (...args: readonly string[]) =>
  spawn(process.execPath, [CLI, 'lab', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR },
  })

/** Network namespaces of this lab. */
function namespacesOf({ pid = 0 }: ChildProcess): string[] {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  return stdout.split('\n').filter(line => line.startsWith(`lab${pid % 100_000}-`))
}

test('the story holds, line by line', async () => {
  const lab = start('--untimed')
  let output = ''
  lab.stdout.on('data', chunk => (output += chunk))
  lab.stderr.on('data', chunk => (output += chunk))
  assert.deepEqual(await once(lab, 'close'), [0, null], output)
  assert.match(output, /^All 21 lines held\.$/m)
  assert.doesNotMatch(output, /BROKEN/)
  assert.deepEqual(namespacesOf(lab), [])
  assert.deepEqual(readdirSync(TMPDIR), [])
})

test('Ctrl-C takes everything down', async () => {
  const lab = start()
  const ended = once(lab, 'exit')
  let said = ''
  for await (const chunk of lab.stdout) {
    said += String(chunk)
    if (/held|BROKEN/.test(said)) break
  }
  assert.ok(namespacesOf(lab).length > 0)
  lab.kill('SIGINT')
  assert.deepEqual(await ended, [130, null])
  assert.deepEqual(namespacesOf(lab), [])
  assert.deepEqual(readdirSync(TMPDIR), [])
})
