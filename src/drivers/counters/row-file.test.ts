import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { countedBefore } from './counted-before.ts'
import { MemoryCounters } from './memory.ts'

test('counters without one of their tables are set aside, and it is said', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-counters-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const table of ['sum_row', 'state']) {
    const path = join(folder, `${table}.db`)
    const open = () => countedBefore(path, () => new MemoryCounters(), true)
    open()
    assert.equal(open().begunAnew, undefined)
    const database = new DatabaseSync(path)
    database.exec(`DROP TABLE ${table}`)
    database.close()
    assert.match(
      open().begunAnew ?? '',
      new RegExp(`is damaged \\(without its tables ${table}\\) and was set aside`),
    )
    assert.ok(readdirSync(folder).some(name => name.startsWith(`${table}.db.damaged-`)))
  }
})
