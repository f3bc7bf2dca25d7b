// A file of tests in which one fails in the middle ends by itself: what its tests own is ended with them, and what nobody owns is ended by
// the net of those who run files of tests.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../support/owned.ts'

const from = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href)

/** Opens every store with threads, and fails. */
const OWNED = `
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openCounters } from ${from('src/drivers/counters/kept-counters.ts')}
import { openEventIndex } from ${from('src/drivers/journal/event-index.ts')}
import { openLedgerFile } from ${from('src/drivers/ledger/ledger-file.ts')}
import { openSpool } from ${from('src/drivers/spool/spool-sqlite.ts')}
import { folderOf, owned } from ${from('test/support/owned.ts')}
test('it fails', async t => {
  const folder = folderOf(t)
  await owned(t, openSpool({ folder: join(folder, 'spool') }))
  await owned(t, openCounters(join(folder, 'counters.db')))
  await owned(t, openLedgerFile(join(folder, 'ledger.db')))
  await owned(t, openEventIndex(join(folder, 'index.db'), folder, { trouble: assert.fail }))
  assert.fail('broken')
})
`

/** Leaves a program and a thread. */
const LEFT = `
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
test('it fails', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
  writeFileSync(new URL('pid', import.meta.url), String(child.pid))
  new Worker('setInterval(() => 0, 1000)', { eval: true })
  assert.fail('broken')
})
`

/** Not as a test inside of this one. */
const { NODE_TEST_CONTEXT: _, ...env } = process.env

test('stores that a failed test owns are closed, and its file ends', t => {
  const file = join(folderOf(t), 'owned.test.ts')
  writeFileSync(file, OWNED)
  const { status, stdout } = spawnSync(process.execPath, ['--test', file], { env })
  assert.equal(status, 1)
  assert.match(String(stdout), /fail 1$[^]*it fails[^]*broken/m)
})

test('a program and a thread that nobody owns are ended, and the test is red', t => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'left.test.ts'), LEFT)
  const asking = join(folder, 'asking.ts')
  writeFileSync(
    asking,
    `import { testsRun } from ${from('tools/prove/tests-run.ts')}
    const ran = await testsRun(${JSON.stringify(folder)}, { file: 'left.test.ts' })
    console.log(JSON.stringify(ran))`,
  )
  const { stdout } = spawnSync(process.execPath, [asking], { env })
  assert.deepEqual(JSON.parse(String(stdout)), { red: ['it fails'], passed: [], skipped: [] })
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})

/** Says no where nothing hears it, and waits for more. */
const STRAY = `
import { test } from 'node:test'
test('fine', () => undefined)
test('it waits', async () => {
  const { promise } = Promise.withResolvers()
  await Promise.resolve()
  void Promise.reject(new Error('unheard'))
  setInterval(() => 0, 1000)
  await promise
})
`

test('a promise that is rejected and that nothing awaits makes its file red, which ends', t => {
  const file = join(folderOf(t), 'stray.test.ts')
  writeFileSync(file, STRAY)
  const preloaded = join(import.meta.dirname, '../support/light-runner.ts')
  const ended = spawnSync(process.execPath, ['--import', preloaded, file], { env })
  assert.equal(ended.status, 1)
  assert.match(String(ended.stdout), /✔ fine/)
  assert.match(String(ended.stderr), /unheard/)
})

/** What has a thread of its own. */
const OPENS = /\b(?:openSpool|openCounters|openLedgerFile|openEventIndex|new ArchiveLister)\(/g

test('who opens a store in a test owns it', () => {
  const loose = globSync(['test/contracts/*.ts', 'src/drivers/**/*.test.ts']).flatMap(file => {
    const text = readFileSync(file, 'utf8')
    return [...text.matchAll(OPENS)]
      .filter(
        ({ index }) => !/(?:owned\(\s*[\w.]+,\s*|=> )$|rejects\(\s*$/.test(text.slice(0, index)),
      )
      .map(({ index }) => `${file}: ${text.slice(index, index + 40)}`)
  })
  assert.deepEqual(loose, [])
})
