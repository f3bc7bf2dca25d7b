import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForeignChanges } from './foreign-changes.ts'

// As nft 1.0.6 prints it.
const FLUSHED = [
  'delete rule inet cordon c handle 4',
  'delete set inet cordon closed4_32',
  'delete table inet cordon',
  '# new generation 5 by process 6214 (nft)',
]
const ADDED = [
  'add element inet cordon closed4_32 { 1.2.3.4 timeout 2s expires 2s comment "kd1 d1" }',
  '# new generation 3 by process 6091 (nft)',
]

const isForeign = (changes: ForeignChanges, lines: readonly string[]) =>
  lines.map(line => changes.hear(line)).includes(true)

test('what another program does to the table is told, and what we do is not', () => {
  const changes = new ForeignChanges()
  assert.ok(isForeign(changes, FLUSHED))
  changes.began()
  assert.ok(!isForeign(changes, ADDED))
  assert.ok(isForeign(changes, ADDED))
})

test('another program while ours runs is told when both are done', () => {
  const changes = new ForeignChanges()
  changes.began()
  assert.ok(!isForeign(changes, FLUSHED))
  assert.ok(isForeign(changes, ADDED))
})

test('other tables do not count; what failed and was done after all is looked at', () => {
  const changes = new ForeignChanges()
  const other = ['add table inet cordonnet', '# new generation 2 by process 1765 (nft)']
  assert.ok(!isForeign(changes, other))
  changes.began()
  changes.failed()
  assert.ok(isForeign(changes, ADDED))
})
