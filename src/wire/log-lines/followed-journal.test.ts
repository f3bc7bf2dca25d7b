// A program that says what journalctl says, and dies: each entry comes once, and it is begun again behind the last.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { FollowedJournal } from './followed-journal.ts'

/** Says ten entries behind the cursor it is given, and ends after these; the last of them has no end. */
const SAYS = `
const { appendFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync(args[0], args.slice(1).join(' ') + '\\n')
const after = Number(/--after-cursor=c(\\d+)/.exec(args.join(' '))?.[1] ?? -1)
for (let i = after + 1; i < after + 11; i++)
  process.stdout.write('__CURSOR=c' + i + '\\n__REALTIME_TIMESTAMP=' + (1780000000000000 + i) + '\\nSYSLOG_IDENTIFIER=postfix/qmgr\\nMESSAGE=' + i + '\\n' + (i < after + 10 ? '\\n' : ''))
`

function scene(t: TestContext, cursor?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-journal-'))
  const [program, calls] = [join(folder, 'says.cjs'), join(folder, 'calls')]
  writeFileSync(program, SAYS)
  let now = 0
  const journal = new FollowedJournal({
    cursor,
    now: () => now,
    command: [process.execPath, program, calls],
  })
  t.after(() => {
    journal.close()
    rmSync(folder, { recursive: true })
  })
  return {
    journal,
    pass: (ms: number) => void (now += ms),
    calls: () => readFileSync(calls, 'utf8').trim().split('\n'),
    /** Until so many came, or it ended. */
    reads: async (most: number): Promise<string[]> => {
      const found: string[] = []
      for (let i = 0; i < 500 && found.length < most; i++) {
        found.push(...journal.next().map(({ text }) => text))
        await setTimeout(10)
      }
      return found
    },
  }
}

const from = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => String(first + i))

test('it is begun again behind the last whole entry, later and later where it ends at once', async t => {
  const { journal, reads, pass, calls } = scene(t, 'c4')
  assert.deepEqual(await reads(9), from(5, 9))
  for (let i = 0; i < 200 && journal.trouble === undefined; i++) await setTimeout(10)
  assert.match(journal.trouble ?? '', /it ended \(0\)/)
  assert.deepEqual(journal.next(), [])
  pass(1000)
  assert.deepEqual(await reads(9), from(14, 9))
  assert.match(
    calls()[0] ?? '',
    /^--follow --output=export --no-pager --after-cursor=c4 --no-tail SYSLOG_FACILITY=2$/,
  )
  assert.match(calls()[1] ?? '', /--after-cursor=c13 /)
  for (let i = 0; i < 200 && journal.begunAgain < 2; i++) await setTimeout(10)
  pass(1000)
  journal.next()
  await setTimeout(100)
  assert.equal(calls().length, 2)
})

test('without a place it begins with what comes; a program that is not there is told', async t => {
  const { reads, calls } = scene(t)
  assert.deepEqual(await reads(9), from(0, 9))
  assert.match(calls()[0] ?? '', /--lines=0 /)
  const none = new FollowedJournal({ now: () => 0, command: ['/nowhere/journalctl'] })
  t.after(() => none.close())
  none.next()
  for (let i = 0; i < 200 && none.trouble === undefined; i++) await setTimeout(10)
  assert.match(none.trouble ?? '', /ENOENT/)
})
