import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../../test/support/owned.ts'
import { heldFolder } from './data-folder.ts'
import { emptyTownFolder, TOWN_MARK, TOWN_WORDS } from './town-folder.ts'

test('the folder of an earlier town is emptied so that nothing seems lost at the start', t => {
  const folder = folderOf(t)
  writeFileSync(join(folder, TOWN_MARK), TOWN_WORDS)
  for (const inside of ['spool/bodies', 'journal'])
    mkdirSync(join(folder, inside), { recursive: true })
  for (const file of ['ledger.db', 'spool/spool.db', 'spool/id', 'spool-id'])
    writeFileSync(join(folder, file), 'x')
  writeFileSync(join(folder, 'journal/2026112010.jsonl.gz'), 'x')
  emptyTownFolder(folder)
  const { had, giveBack } = heldFolder(folder)
  giveBack()
  assert.deepEqual(had, { ledger: false, spool: false, journal: false })
})
