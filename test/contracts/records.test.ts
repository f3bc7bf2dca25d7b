// What every store of records must do. How they are known at once, and changed by many: src/drivers/ledger/ledger-records.test.ts.

import assert from 'node:assert/strict'
import { ledgerRecords } from '../../src/drivers/ledger/ledger-records.ts'
import type { RecordRows } from '../../src/ports/records.ts'
import { withLedgers } from '../support/ledgers.ts'

/** A slow store says now and then that somebody was faster; not twice in a row. */
async function put(rows: RecordRows, id: string, body: string, expectedRev: number) {
  const record = { kind: 'note', id, body, expectedRev }
  const answer = await rows.put(record)
  return answer === 'stale' ? rows.put(record) : answer
}

withLedgers(
  'records are kept by kind and id, each change with another rev',
  async ({ ledger, again }) => {
    const first = await put(ledger.records, 'a', '1', 0)
    assert.ok(first !== 'stale' && first > 0)
    const second = await put(ledger.records, 'a', '2', first)
    assert.ok(second !== 'stale' && second !== first)
    await put(ledger.records, 'b', '3', 0)
    const { records } = await again()
    assert.deepEqual(await records.get('note', 'a'), { id: 'a', rev: second, body: '2' })
    assert.deepEqual((await records.list('note')).map(one => one.body).toSorted(), ['2', '3'])
    assert.deepEqual(
      [await records.list('other'), await records.get('other', 'a')],
      [[], undefined],
    )
  },
)

withLedgers(
  'who has not read the last change saves nothing and removes nothing',
  async ({ ledger }) => {
    const { records } = ledger
    const rev = await put(records, 'a', '1', 0)
    assert.ok(rev !== 'stale')
    assert.equal(await put(records, 'a', '2', 0), 'stale', 'it was there already')
    assert.equal(await put(records, 'a', '2', rev + 7), 'stale')
    assert.equal(await put(records, 'b', '2', rev), 'stale', 'it was never there')
    assert.equal(await records.remove({ kind: 'note', id: 'a', expectedRev: rev + 7 }), 'stale')
    assert.deepEqual(await records.list('note'), [{ id: 'a', rev, body: '1' }])
    assert.equal(await records.remove({ kind: 'note', id: 'a', expectedRev: rev }), 'removed')
    assert.equal(await records.remove({ kind: 'note', id: 'a', expectedRev: rev }), 'stale')
    const anew = await put(records, 'a', '3', 0)
    assert.notEqual(anew, rev, 'made anew it is another one')
  },
)

withLedgers('many change one at the same time: every change counts', async ({ ledger }) => {
  type Tally = { readonly id: string; readonly n: number }
  const nodes = [
    await ledgerRecords<Tally>(ledger.records, 'n'),
    await ledgerRecords<Tally>(ledger.records, 'n'),
  ] as const
  const more = (now: Tally | undefined) => ({ id: 'x', n: (now?.n ?? 0) + 1 })
  await Promise.all(
    Array.from({ length: 30 }, async (_, i) =>
      (i % 2 === 0 ? nodes[0] : nodes[1]).change('x', more),
    ),
  )
  const row = await ledger.records.get('n', 'x')
  assert.equal((JSON.parse(row?.body ?? '') as Tally).n, 30)
})
