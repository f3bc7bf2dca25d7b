// Names of files in every character set that Python knows, with bytes of other sets, marks and shifts put between: what Python shows of
// them, strictly or without the bytes that fit nowhere, we have seen, or said that the character set is not known here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileExtension } from '../../src/mail/file-extension.ts'
import { partFields } from '../../src/mail/mime/part-fields.ts'
import { partNames } from '../../src/mail/mime/part-names.ts'
import { ReadingBudget } from '../../src/mail/reading-budget.ts'
import { run } from '../support/serve.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'

const SCRIPT = new URL('../support/named-in-sets.py', import.meta.url).pathname
const NAMES = 40_000

function seen(charset: string, word: string): boolean {
  const value = `attachment; filename="=?${charset}?b?${word}?="`
  const { names, tooMany, foreign } = partNames(
    partFields([{ name: 'content-disposition', value }]),
    new ReadingBudget(),
  )
  return tooMany || foreign || names.some(name => fileExtension(name)?.toLowerCase() === 'exe')
}

test('a program by its name in any character set is one', async t => {
  const done = await run('python3', [SCRIPT, String(fuzzSeed(1)), String(NAMES)], '')
  assert.equal(done.code, 0, done.output)
  const lines = done.output.trim().split('\n')
  const missed = lines.filter(line => {
    const [charset = '', word = ''] = line.split(' ')
    return !seen(charset, word)
  })
  assert.deepEqual(missed.slice(0, 10), [], `${missed.length} of ${lines.length}`)
  assert.ok(lines.length > NAMES / 10, `only ${lines.length} names are a program's`)
  t.diagnostic(`${lines.length} names`)
})
