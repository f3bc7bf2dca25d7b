import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../../../test/support/owned.ts'
import { nodeName } from './node-name.ts'

const ROWS = {
  get: async () => undefined,
  put: async () => 1,
  remove: async () => 'removed',
} as unknown as Parameters<typeof nodeName>[1]

test('a name of this node that is damaged is made anew, and that is said', async t => {
  const folder = folderOf(t)
  const told: string[] = []
  const named = () => nodeName(folder, ROWS, words => told.push(words))
  const first = await named()
  assert.equal((await named()).slice(0, 8), first.slice(0, 8))
  assert.deepEqual(told, [])
  writeFileSync(join(folder, 'node'), 'abc')
  assert.notEqual((await named()).slice(0, 8), first.slice(0, 8))
  assert.match(told.join(), /node was damaged: this node has a new name in the ids of its events/)
})
