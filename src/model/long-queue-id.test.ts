import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLongQueueId } from './long-queue-id.ts'

test('long queue ids, and nothing else', () => {
  for (const id of ['4cXKCk1bC5z3Pl', '3Pt2mN2VXxznjll', '4gzzzz0000z1'])
    assert.ok(isLongQueueId(id), id)
  for (const id of [
    '',
    'ALL',
    '-',
    '9A7BC1F23D',
    '4cXKCk1bC53Pl',
    '4cXKCk1bC5z',
    '4cXKCk1bC5z3Pl hold',
    '../4cXKCk1bC5z3Pl',
    '4cXKCk1bC5z3Pl\n',
    `4cXKCk1bC5z${'3'.repeat(100)}`,
  ])
    assert.ok(!isLongQueueId(id), id)
})
