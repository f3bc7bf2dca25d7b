import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FORMER_DECISIONS, FORMER_ORDERS } from '../model/former-words.ts'
import { parseFields } from './parse-order.ts'

const answer = (kind: string, fields: object) => {
  const parsed = parseFields(kind, fields)
  return 'problem' in parsed ? parsed.problem : undefined
}

test('an order or decision by its old name is answered with the one of today', () => {
  for (const [before, today] of Object.entries(FORMER_ORDERS))
    assert.deepEqual(answer(before, {}), {
      field: 'kind',
      message: `${before} is now ${today}. Write ${today}.`,
    })
  for (const [before, today] of FORMER_DECISIONS)
    assert.deepEqual(
      answer('impose', { subject: 'line:1', decision: before, hours: 1, why: 'a test' }),
      { field: 'decision', message: `${before} is now ${today}. Write ${today}.` },
    )
  assert.match(answer('no-such', {})?.message ?? '', /^There is no order no-such\. There are: /)
})
