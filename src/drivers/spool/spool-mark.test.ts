import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { folderOf } from '../../../test/support/owned.ts'
import { markSpool, spoolIsOurs } from './spool-mark.ts'

/** A queue that its data folder knows. */
function used(t: TestContext) {
  const data = folderOf(t)
  const folder = join(data, 'spool')
  const mark = { file: join(data, 'spool-id'), inUse: false }
  mkdirSync(join(folder, 'bodies'), { recursive: true })
  markSpool(folder, mark)
  return { folder, mark, name: () => readFileSync(mark.file, 'utf8') }
}

test('a first start needs no word, and a known queue is ours', t => {
  const data = folderOf(t)
  spoolIsOurs(join(data, 'spool'), { file: join(data, 'spool-id'), inUse: false })
  const { folder, mark } = used(t)
  spoolIsOurs(folder, mark)
})

test('a folder with nothing but the name of its queue, and a mark that was cut short, are no first start', t => {
  const { folder, mark } = used(t)
  rmSync(join(folder, 'bodies'), { recursive: true })
  assert.throws(() => spoolIsOurs(folder, mark), /spool is empty or missing/)
  writeFileSync(mark.file, '')
  rmSync(folder, { recursive: true })
  assert.throws(() => spoolIsOurs(folder, mark), /spool is empty or missing/)
})

test('begun anew it has another name: the old queue does not come back unseen', t => {
  const { folder, mark, name } = used(t)
  const was = name()
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  writeFileSync(join(folder, 'begin-anew'), '')
  spoolIsOurs(folder, mark)
  mkdirSync(join(folder, 'bodies'))
  markSpool(folder, mark)
  assert.notEqual(name(), was)
  assert.ok(!existsSync(join(folder, 'begin-anew')))
  writeFileSync(join(folder, 'id'), was)
  assert.throws(() => spoolIsOurs(folder, mark), /queue of another data folder/)
  rmSync(mark.file)
  spoolIsOurs(folder, mark)
  markSpool(folder, mark)
  assert.equal(name(), was)
})

test('a queue without a name gets that of its data folder', t => {
  const { folder, mark, name } = used(t)
  const was = name()
  rmSync(join(folder, 'id'))
  spoolIsOurs(folder, mark)
  markSpool(folder, mark)
  assert.equal(readFileSync(join(folder, 'id'), 'utf8'), was)
})
