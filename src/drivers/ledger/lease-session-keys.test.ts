// Leases of an earlier Cordon, whose sessions have names with spaces: their rows are those that are written today.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { olderLedger } from '../../../test/support/older-ledger.ts'
import { owned } from '../../../test/support/owned.ts'
import { openLedgerFile } from './ledger-file.ts'

const SESSIONS = [
  [{ nas: 'bng one', id: '7 a', user: 'u' }, 'bng one 7 a'],
  [{ nas: 'bng%20one', id: '7', user: 'u' }, 'bng%20one 7'],
  [{ nas: '192.0.2.9', id: '8', user: 'u', teller: '192.0.2.1' }, '192.0.2.9 8 192.0.2.1'],
  [{ nas: '192.0.2.9', id: '9', user: 'u' }, '192.0.2.9 9'],
] as const

for (const [session, text] of SESSIONS)
  test(`a lease of session "${text}" that was open before ends once`, async t => {
    const path = await olderLedger(t, 11)
    const lease = { realm: 'main', prefix: '192.0.2.1/32', subscriber: 'kd1', from: 1, session }
    const database = new DatabaseSync(path)
    database
      .prepare("INSERT INTO leases VALUES ('main', '192.0.2.1/32', 0, 'kd1', 1, ?, NULL, ?)")
      .run(text, JSON.stringify(lease))
    database.close()
    const ledger = await owned(t, openLedgerFile(path))
    assert.deepEqual(await ledger.leaseRows.leases(0), [lease])
    await ledger.leaseRows.putLeases([{ ...lease, to: 5 }])
    assert.deepEqual(await ledger.leaseRows.leases(0), [{ ...lease, to: 5 }])
  })
