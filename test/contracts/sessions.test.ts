// What every table of live sessions must do.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { liveSessions } from '../../src/app/live-sessions.ts'
import { sessionTable } from '../../src/wire/session-table.ts'

for (const [name, open] of Object.entries({
  'one thread': sessionTable,
  'many threads': liveSessions,
}))
  test(`${name}: all sessions of that login end, and no other`, () => {
    const table = open()
    const ended: string[] = []
    const join = (login: string, what: string) => table.join(login, () => void ended.push(what))
    join('anna', 'anna 1')
    const leave = join('anna', 'anna 2')
    join('anna', 'anna 3')
    join('bert', 'bert 1')
    leave()
    table.cut('anna')
    table.cut('nobody')
    assert.deepEqual(ended, ['anna 1', 'anna 3'])
  })

test('many threads: those of other threads are cut as well', () => {
  const table = liveSessions()
  const elsewhere: string[] = []
  table.alsoCut(login => void elsewhere.push(login))
  table.cut('anna')
  assert.deepEqual(elsewhere, ['anna'])
})
