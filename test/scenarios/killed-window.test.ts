// SIGKILL before and after every change of a store while mail is paced and let go: the next Cordon goes on with what waits. What was answered
// with 250 reaches its recipient once, and nothing twice; its owner is asked about it once.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type PacedStory, pacedStory } from '../support/paced-story.ts'
import { pacedThereStory } from '../support/paced-there-story.ts'
import { fileOf } from '../support/program.ts'

const CHILD = fileOf('test/support/paced-child.ts')
/** A step of so many: each is a process. */
const EVERY = 6

const STORIES = [
  // The owner is asked in the first.
  ['our own queue', pacedStory, [], 1],
  ['the queue of another server', pacedThereStory, ['there'], 0],
] as const

for (const [where, story, args, asks] of STORIES)
  test(`killed while mail is paced in ${where} and let go: what was answered goes, once`, async () => {
    const run = (folder: string, n: number) => ran(folder, n, args)
    const whole = await inFolder(async folder => {
      const found = run(folder, 0)
      assert.deepEqual(found?.left, [])
      assert.equal(lines(folder, 'reached').length, 4)
      assert.equal(lines(folder, 'asked').length, asks)
      return found
    })
    assert.ok(whole && whole.steps >= 30, `only ${whole?.steps} steps`)
    for (let n = 1; n <= whole.steps; n += EVERY)
      await inFolder(async folder => {
        const at = `killed at step ${n} of ${whole.steps}`
        assert.equal(run(folder, n), undefined, at)
        const left = await story(folder, { sends: false, step: () => undefined })
        assert.deepEqual(left, [], at)
        const reached = lines(folder, 'reached')
        assert.equal(new Set(reached).size, reached.length, `${at}: ${reached.join()}`)
        assert.ok(lines(folder, 'asked').length <= asks, `${at}: asked twice`)
        for (const to of lines(folder, 'answered')) assert.ok(reached.includes(to), `${at}: ${to}`)
      })
  })

function lines(folder: string, file: string): readonly string[] {
  const path = join(folder, file)
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter(Boolean) : []
}

/** Undefined when it was killed. */
function ran(folder: string, n: number, more: readonly string[]): PacedStory | undefined {
  const args = [CHILD, folder, String(n), ...more]
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (signal === 'SIGKILL') return undefined
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as PacedStory
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-killed-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
