// docs/how-it-works.md tells the way of a message and of a piece of evidence by files. A traced run must enter them in that order.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { run } from '../tools/trace.ts'
import type { Entered } from '../tools/trace/entered.ts'

const page = readFileSync('docs/how-it-works.md', 'utf8')

/** Files of `src/` that a section names, in the order in which it names them first. */
function filesOf(section: string): string[] {
  const from = page.indexOf(`\n## ${section}\n`)
  assert.ok(from >= 0, `there is no section "${section}"`)
  const text = page.slice(from + 1, page.indexOf('\n## ', from + 1))
  return [...new Set([...text.matchAll(/`(src\/[\w./-]+\.ts)`/g)].map(match => match[1] ?? ''))]
}

/** Folders of the house that a trace passes: `src/core/policy` is one, `src/engine/intake` another. */
const roomsOf = (files: readonly string[]) =>
  new Set(
    files.map(file => file.split('/').slice(0, 3).join('/')).filter(room => !room.endsWith('.ts')),
  )

/** What is told is a way through what was entered: each file some time after the one before. */
function compare(section: string, entered: readonly Entered[]): void {
  let at = 0
  for (const file of filesOf(section)) {
    const next = entered.findIndex((one, i) => i >= at && one.file === file)
    assert.ok(
      next >= 0,
      entered.some(one => one.file === file)
        ? `"${section}": ${file} is entered earlier than it is told of`
        : `"${section}": ${file} is not entered at all`,
    )
    at = next
  }
}

test('a message and a piece of evidence go the way that the page tells', async () => {
  const { message, evidence } = await run()
  compare('One message', message)
  compare('One piece of evidence', evidence)
  // Whoever moves the way of a message into a room of its own must tell of it.
  const rooms = roomsOf(message.map(one => one.file))
  const told = roomsOf([...filesOf('One message'), ...filesOf('One piece of evidence')])
  const untold = [...rooms].filter(
    room => /^src\/(?:doors|engine|drivers)\//.test(room) && !told.has(room),
  )
  assert.deepEqual(untold.toSorted(), UNTOLD)
})

/** On the way of every message, and no step of its story. */
const UNTOLD = [
  'src/drivers/counters',
  'src/drivers/metrics',
  'src/drivers/names',
  'src/drivers/scanners',
  'src/drivers/sqlite',
  'src/engine/port25',
]
