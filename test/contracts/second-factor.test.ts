// What every second factor must do; over records in memory and in every ledger, also when two nodes are asked at the same time.

import assert from 'node:assert/strict'
import { secondFactors, type StoredFactor } from '../../src/drivers/credentials/second-factors.ts'
import { codeAt, stepOf } from '../../src/drivers/credentials/totp.ts'
import { ledgerRecords } from '../../src/drivers/ledger/ledger-records.ts'
import { AT, withLedgers } from '../support/ledgers.ts'

const MINE = { at: AT, where: 'own' } as const

withLedgers('each code is good once, whoever is asked', async ({ ledger }) => {
  const node = async () =>
    secondFactors(await ledgerRecords<StoredFactor>(ledger.records, 'second-factor'), () => 0)
  const one = await node()
  const secret = one.begin('anna') ?? ''
  const code = (ahead: number) => codeAt(secret, stepOf(AT) + ahead)
  assert.equal(one.has('anna'), false, 'not before its first code')
  assert.equal(await one.confirm('anna', code(-1), AT), true)
  assert.deepEqual([one.has('anna'), one.begin('anna')], [true, undefined])
  const other = await node()
  const answers = await Promise.all(
    [one, other, one, other].map(f => f.check('anna', code(0), MINE)),
  )
  assert.deepEqual(answers.toSorted(), ['right', 'wrong', 'wrong', 'wrong'])
  assert.equal(await other.check('anna', code(1), MINE), 'right')
  await one.remove('anna')
  assert.equal(one.has('anna'), false)
  assert.equal(await one.check('anna', code(1), MINE), 'wrong')
})

withLedgers('two nodes confirm a factor at the same time: one of them does', async ({ ledger }) => {
  const node = async () =>
    secondFactors(await ledgerRecords<StoredFactor>(ledger.records, 'second-factor'), () => 0)
  const nodes = [await node(), await node()]
  const confirmed = await Promise.all(
    nodes.map(one => one.confirm('anna', codeAt(one.begin('anna') ?? '', stepOf(AT)), AT)),
  )
  assert.deepEqual(new Set(confirmed), new Set([false, true]))
})
