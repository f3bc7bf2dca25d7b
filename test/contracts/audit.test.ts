// What every audit must do.

import assert from 'node:assert/strict'
import { type AuditFilter, BEGUN } from '../../src/ports/audit.ts'
import { AT, withLedgers } from '../support/ledgers.ts'

const given = (kind: string, at: number) => ({
  order: { kind, incident: 'i1' },
  actor: { kind: 'staff', name: 'eve' } as const,
  at,
})

withLedgers(
  'who ordered what, and what came of it, the newest first',
  async ({ ledger, again }) => {
    await ledger.audit.add(given('release', AT), { done: true, text: 'Released.' })
    const owner = {
      kind: 'owner',
      subscriber: 'anna',
      from: { realm: 'main', address: '::1', port: 1 },
    } as const
    await ledger.audit.add(
      { ...given('renew', AT + 1), actor: owner },
      { done: false, text: 'No.' },
    )
    const { audit } = await again()
    const rows = await audit.list(10)
    assert.deepEqual(
      rows.map(({ n: _n, ...row }) => row),
      [
        {
          at: AT + 1,
          actor: 'owner anna',
          order: 'renew',
          text: 'No.',
          target: '{"kind":"renew","incident":"i1"}',
        },
        {
          at: AT,
          actor: 'staff eve',
          order: 'release',
          text: 'Released.',
          target: '{"kind":"release","incident":"i1"}',
        },
      ],
    )
    assert.deepEqual(await audit.list(1), rows.slice(0, 1))
    assert.deepEqual(await audit.list(10, rows[0]?.n), rows.slice(1))
  },
)

withLedgers(
  'an order stands there before it is carried out, and what came of it follows',
  async ({ ledger, again }) => {
    const order = given('release', AT)
    await ledger.audit.begin(order)
    await ledger.audit.begin(given('impose', AT))
    const texts = async (audit = ledger.audit) => (await audit.list(10)).map(({ text }) => text)
    assert.deepEqual(await texts(), [BEGUN, BEGUN])
    await ledger.audit.end(order, { done: true, text: 'Released.' })
    const { audit } = await again()
    assert.deepEqual(await texts(audit), [BEGUN, 'Released.'])
  },
)

withLedgers('orders are found by when, by whom, and which they were', async ({ ledger }) => {
  for (const [i, kind] of ['release', 'impose', 'release'].entries())
    await ledger.audit.add(given(kind, AT + i), { done: true, text: String(i) })
  const { audit } = ledger
  const found = async (filter: AuditFilter) =>
    (await audit.list(10, undefined, filter)).map(({ text }) => text)
  assert.deepEqual(await found({ since: AT + 1 }), ['2', '1'])
  assert.deepEqual(await found({ order: 'release' }), ['2', '0'])
  assert.deepEqual(await found({ actor: 'staff eve', order: 'impose' }), ['1'])
  assert.deepEqual(await found({ actor: 'owner anna' }), [])
})
