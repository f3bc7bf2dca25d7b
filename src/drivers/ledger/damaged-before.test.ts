// A ledger of an earlier Cordon with a row that cannot be read: the steps to today's tables say which, and have changed nothing.

import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { olderLedger } from '../../../test/support/older-ledger.ts'
import { owned } from '../../../test/support/owned.ts'
import { openLedgerFile } from './ledger-file.ts'

const INCIDENT =
  "INSERT INTO incidents (id, subject, open, epoch, changed_at, body) VALUES ('i1', 's', 1, 1, 1, BODY)"
const LEASE = "INSERT INTO leases VALUES ('main', '192.0.2.1/32', 0, 'kd1', 1, NULL, BODY)"
const CUSTOMER = "INSERT INTO subscribers VALUES ('kd1', BODY)"

for (const [steps, insert, body, why] of [
  [4, INCIDENT, '{"id":', 'row "i1" of its table incidents: .*JSON.*'],
  [4, INCIDENT, 'null', 'row "i1" of its table incidents: without id'],
  [4, INCIDENT, '{"id":"i1","subject":"s"}', 'row "i1" of its table incidents: without openedAt'],
  [
    4,
    INCIDENT,
    '{"id":"i1","subject":"s","openedAt":"x","caseCode":""}',
    'row "i1" of its table incidents: without openedAt',
  ],
  [
    4,
    INCIDENT,
    '{"id":"i1","subject":"s","openedAt":1}',
    'row "i1" of its table incidents: without caseCode',
  ],
  [9, LEASE, '{"session":', String.raw`row "\{\\"session\\":" of its table leases: it is no JSON`],
  [10, CUSTOMER, '["id"}', 'row "kd1" of its table subscribers: it is no JSON'],
] as const)
  test(`after step ${steps}, ${body}: damage of the ledger, with its row`, async t => {
    const path = await olderLedger(t, steps)
    const database = new DatabaseSync(path)
    database.exec(insert.replace('BODY', `'${body}'`))
    database.close()
    for (let start = 0; start < 2; start++)
      await assert.rejects(owned(t, openLedgerFile(path)), {
        message: new RegExp(String.raw`^${path} is damaged \(${why}\)\. docs/operations\.md says`),
      })
    const left = new DatabaseSync(path)
    t.after(() => left.close())
    const { made } = left.prepare('SELECT count(*) AS made FROM kysely_migration').get() ?? {}
    assert.equal(made, steps)
  })
