// `cordon lab`, as an operator runs it: the whole story holds, and nothing is left behind, neither after it nor after Ctrl-C.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { CLI } from '../support/program.ts'
import { isRunning } from '../support/is-running.ts'

/** Where this file's labs keep what they have; other labs on this machine are nobody's business here. */
const TMPDIR = mkdtempSync(join(tmpdir(), 'cordon-lab-test-'))
after(() => rmSync(TMPDIR, { recursive: true, force: true }))

const start = (...args: readonly string[]) =>
  spawn(process.execPath, [CLI, 'lab', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR },
  })

/** Network namespaces of this lab. */
const namespacesOf = ({ pid = 0 }: { readonly pid?: number | undefined }): string[] =>
  inIp('netns', 'list').filter(line => line.startsWith(`lab${pid}-`))

const inIp = (...words: readonly string[]) =>
  spawnSync('ip', words, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean)

/** Everything that runs in its namespaces. */
const programsOf = (lab: ChildProcess) =>
  namespacesOf(lab).flatMap(line => inIp('netns', 'pids', line.split(' ')[0] ?? ''))

/** Until the first line of the story is played. */
async function begun(lab: ReturnType<typeof start>): Promise<void> {
  let said = ''
  for await (const chunk of lab.stdout) {
    said += String(chunk)
    if (/held|BROKEN/.test(said)) break
  }
  assert.ok(namespacesOf(lab).length > 0)
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

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)
  test(`${signal} takes everything down: a closed terminal as Ctrl-C`, async () => {
    const lab = start()
    const ended = once(lab, 'exit')
    await begun(lab)
    const programs = programsOf(lab)
    assert.ok(programs.length > 5)
    lab.kill(signal)
    assert.deepEqual(await ended, [status, null])
    assert.deepEqual(namespacesOf(lab), [])
    assert.deepEqual(readdirSync(TMPDIR), [])
    assert.deepEqual(programs.filter(isRunning), [])
  })

test('what a lab that was killed has left is removed by the next one, and nothing of one that runs', async t => {
  const killed = start()
  await begun(killed)
  const programs = programsOf(killed)
  killed.kill('SIGKILL')
  await once(killed, 'close')
  assert.ok(namespacesOf(killed).length > 0)
  // This test is the one that runs.
  const mine = `lab${process.pid}-isp`
  inIp('netns', 'add', mine)
  t.after(() => inIp('netns', 'del', mine))
  const next = start()
  const ended = once(next, 'exit')
  await begun(next)
  assert.deepEqual(namespacesOf(killed), [])
  assert.deepEqual(programs.filter(isRunning), [])
  assert.equal(namespacesOf(process).length, 1)
  next.kill('SIGTERM')
  assert.deepEqual(await ended, [143, null])
  assert.deepEqual(readdirSync(TMPDIR), [])
})
