// How a bench is run: its words come while it runs; one that fails, hangs or leaves a program behind ends nevertheless; a peer that is not
// there is told apart. The benches here are one line of a program each.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runBench } from '../../bench/run-bench.ts'

const row = { name: 'mail', unit: 'a second', ours: 2, peer: 1, peerName: 'peer', ratio: 2 }
const ROWS = `console.log('ROWS ' + ${JSON.stringify(JSON.stringify([row]))})`
const run = (program: string, patience?: number) =>
  runBench({ name: 'mine', words: ['-e', program] }, patience)

/** What is printed while `work` is done. */
async function printed(t: TestContext, work: () => Promise<unknown>) {
  const lines: string[] = []
  for (const name of ['log', 'error'] as const)
    t.mock.method(console, name, (line: string) => void lines.push(line))
  await work()
  t.mock.restoreAll()
  return lines
}

test('its rows, and the peers that are not there', async () => {
  const ran = await run(`console.log('    absent: postgrey cannot be installed here'); ${ROWS}`)
  assert.deepEqual(ran, {
    rows: [row],
    absent: [{ bench: 'mine', what: 'postgrey', why: 'cannot be installed here' }],
  })
})

test('a bench that fails is said to have, and there is an end', async t => {
  for (const [program, how] of [
    ['process.exit(3)', '3'],
    ['', '0'],
    [`${ROWS}; process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
  ] as const) {
    const lines = await printed(t, async () => assert.equal(await run(program), undefined))
    assert.deepEqual(lines, [`bench mine ended with ${how}`])
  }
})

test('a bench that hangs, and one that leaves a program behind, ends', async t => {
  const forever = 'setInterval(() => undefined, 1000)'
  const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'inherit' })`
  const left = await run(`${child}; ${ROWS}; setTimeout(() => process.exit(0), 50)`)
  assert.deepEqual(left?.rows, [row])
  const lines = await printed(t, async () =>
    assert.equal(await run(`${child}; ${forever}`, 500), undefined),
  )
  assert.match(lines.join(), /took more than .* minutes,bench mine ended with SIGKILL/)
})

test('what it says is printed while it runs', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const heard = join(folder, 'heard')
  t.mock.method(console, 'log', (line: string) => {
    if (line === 'first') writeFileSync(heard, '')
  })
  // It ends only when its first word was heard.
  const ran = await run(
    `console.log('first'); setInterval(() => { if (require('node:fs').existsSync('${heard}')) { ${ROWS}; process.exit(0) } }, 20)`,
    60_000,
  )
  assert.deepEqual(ran?.rows, [row])
})
