// The limits on archives that ship are those that the pages tell: no test that sets its own sees one that was made ten times as large.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LIMITS } from '../src/drivers/archives/archive-lister.ts'
import { MAX_NAMES } from '../src/drivers/archives/calls.ts'

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

const INBOUND = 'docs/inbound.md'
const DECISION = 'docs/decisions/0017-archives-in-a-thread-of-their-own.md'
/** The words around one number. */
const TOLD: readonly (readonly [string, RegExp, number])[] = [
  [INBOUND, /takes longer than (\S+) seconds;/, LIMITS.time / 1000],
  [INBOUND, /archives with more than (\S+) names,/, MAX_NAMES],
  [DECISION, /- (\S+) s for all archives of one message/, LIMITS.time / 1000],
  [DECISION, /of one message \((\S+) s while others wait\)/, LIMITS.timeInCompany / 1000],
  [DECISION, /- (\S+) names, /, MAX_NAMES],
  [DECISION, /- (\S+) messages or \S+ MiB of archives wait/, LIMITS.waiting],
  [DECISION, /- \S+ messages or (\S+) MiB of archives wait/, LIMITS.bytes / 1024 / 1024],
  [DECISION, /MiB of archives wait, (\S+) s at most/, LIMITS.patience / 1000],
]

for (const [page, words, shipped] of TOLD)
  test(`${page} tells what ships: ${words.source}`, () => {
    const told = words.exec(readFileSync(page, 'utf8').replaceAll(/\s+/g, ' '))?.[1] ?? 'nothing'
    const number = WORDS.includes(told) ? WORDS.indexOf(told) : Number(told.replaceAll(',', ''))
    assert.equal(number, shipped)
  })
