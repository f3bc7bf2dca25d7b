// What every source of names must do. The simulation's counts, and is part of its own test: the same seed, the same journal.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomNames } from '../../src/drivers/names/random-names.ts'

test('no name is given twice, and each is safe where it is used', () => {
  const names = randomNames()
  const many = Array.from({ length: 5000 }, () => names)
  const messages = many.map(one => one.message())
  const records = many.map(one => one.record())
  assert.equal(new Set([...messages, ...records]).size, 10_000)
  // File names, log lines.
  for (const one of [...messages, ...records]) assert.match(one, /^[0-9A-Za-z]{8,32}$/)
  // Read out on the telephone: no I, L, O, U.
  for (let i = 0; i < 100; i++)
    assert.match(names.caseCode(), /^[0-9A-HJKMNP-TV-Z]{2}-[0-9A-HJKMNP-TV-Z]{4}$/)
})
