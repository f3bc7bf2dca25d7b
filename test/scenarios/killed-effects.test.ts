// SIGKILL between a decision and each thing that follows from it, one process after the other: the next Cordon, which is told nothing,
// carries out the rest. The owner has one letter, the operator one mail and one call of the pager, waiting mail is held or sent on, the
// router is in line.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileOf } from '../support/program.ts'

const CHILD = fileOf('test/support/killed-child.ts')

type KilledOutcome = Readonly<Record<string, unknown>> & { readonly steps: number }

const STORIES = {
  contain: {
    status: 'contained',
    mail: ['held'],
    notices: ['isolated'],
    router: ['isolated'],
    letters: 1,
    alarmMails: 1,
    paged: 1,
  },
  release: {
    status: 'probation',
    mail: ['queued'],
    notices: ['isolated', 'released'],
    router: [],
    letters: 2,
    alarmMails: 1,
    paged: 2,
  },
} as const

for (const [story, wanted] of Object.entries(STORIES))
  test(`killed before any of what follows when a line is to be told to ${story}: all of it follows, once`, () => {
    const whole = inFolder(folder => run(folder, story, 0))
    assert.deepEqual(told(whole), { ...wanted })
    assert.ok(whole && whole.steps >= 8, `only ${whole?.steps} steps`)
    // Before the first there is nothing that could follow; the second is the first after the decision was saved.
    for (let n = 2; n <= whole.steps; n++)
      inFolder(folder => {
        const ended = run(folder, story, n)
        // What is written down of how far it came may be written once less.
        if (ended) return assert.deepEqual(told(ended), { ...wanted })
        const found = run(folder, 'look', 0)
        return assert.deepEqual(told(found), { ...wanted }, `killed at step ${n} of ${whole.steps}`)
      })
  })

/** Undefined when it was killed. */
function run(folder: string, what: string, n: number): KilledOutcome | undefined {
  const { stdout, stderr, signal, status } = spawnSync(
    process.execPath,
    [CHILD, folder, what, String(n)],
    { encoding: 'utf8' },
  )
  if (signal === 'SIGKILL') return undefined
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as KilledOutcome
}

function told(found: KilledOutcome | undefined) {
  assert.ok(found)
  const { status, mail, notices, router } = found
  const count = (what: string) => (found[what] as readonly string[]).length
  return {
    status,
    mail,
    notices,
    router,
    letters: count('letters'),
    alarmMails: count('alarmMails'),
    paged: count('paged'),
  }
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-killed-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
