// What every audit must do.

import assert from 'node:assert/strict'
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
