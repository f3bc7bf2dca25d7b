// Messages that were made to hurt pass through the rules about content: each gets its verdict, and the whole process stays
// small, however large they are. It runs in a process of its own, so that its memory is its own.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CORPUS } from '../support/corpus.ts'
import { run } from '../support/serve.ts'

const CHILD = join(import.meta.dirname, '../support/corpus-child.ts')
/** KiB. Node itself has some fifty MiB; of a message one is kept, and decoded. */
const MOST = 300 * 1024

// The limit is not a measurement: nothing here may be quadratic.
test('messages made to hurt end, in little memory', { timeout: 120_000 }, async t => {
  const { code, output } = await run(process.execPath, [CHILD])
  assert.equal(code, 0, output)
  const { verdicts, peak } = JSON.parse(output) as {
    verdicts: Record<string, string>
    peak: number
  }
  const wanted = Object.entries(CORPUS).map(([name, { refused }]) => [name, refused])
  assert.deepEqual(verdicts, Object.fromEntries(wanted))
  assert.ok(peak < MOST, `${Math.round(peak / 1024)} MiB`)
  t.diagnostic(`${Math.round(peak / 1024)} MiB at most, for ${wanted.length} messages`)
})
