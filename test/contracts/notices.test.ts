// What every store of letters about cases must do.

import assert from 'node:assert/strict'
import { AT, CASE, saveCase, withLedgers } from '../support/ledgers.ts'

const letter = (id: string, at: number) => ({
  id,
  at,
  incident: 'i1',
  subscriber: 'anna',
  notice: 'isolated',
  to: 'anna@isp.example',
})

withLedgers('letters are found by their case, as they were written', async ({ ledger, again }) => {
  await ledger.notices.addNotices([letter('n2', AT + 2)])
  await saveCase(ledger, CASE, { notices: [letter('n1', AT + 1)] })
  await ledger.notices.addNotices([])
  for (const look of [async () => ledger, again]) {
    const { notices } = await look()
    assert.deepEqual(await notices.notices('i1'), [letter('n1', AT + 1), letter('n2', AT + 2)])
    assert.deepEqual(await notices.notices('i2'), [])
  }
})
