// What every store of password hashes must do.

import assert from 'node:assert/strict'
import type { StoredAppPassword } from '../../src/ports/accounts.ts'
import { AT, withLedgers } from '../support/ledgers.ts'

withLedgers('the newest hash of a login or a portal counts', async ({ ledger, again }) => {
  await ledger.accounts.putAccounts([
    { subscriber: 'anna', hash: 'portal' },
    { subscriber: 'anna', login: 'anna@isp.example', hash: 'old' },
  ])
  await ledger.accounts.putAccounts([
    { subscriber: 'anna', login: 'anna@isp.example', hash: 'new' },
  ])
  await ledger.accounts.putAccounts([])
  const kept = await (await again()).accounts.accounts()
  assert.deepEqual(
    kept.toSorted((x, y) => x.hash.localeCompare(y.hash)),
    [
      { subscriber: 'anna', login: 'anna@isp.example', hash: 'new' },
      { subscriber: 'anna', hash: 'portal' },
    ],
  )
})

withLedgers('hashes that are removed are gone, and no others', async ({ ledger, again }) => {
  const anna = { subscriber: 'anna', login: 'anna@isp.example', hash: 'h' }
  await ledger.accounts.putAccounts([
    anna,
    { subscriber: 'anna', hash: 'portal' },
    { subscriber: 'bert', login: 'anna@isp.example', hash: 'another' },
  ])
  await ledger.accounts.removeAccounts([
    { subscriber: 'anna' },
    { subscriber: 'bert', login: 'anna@isp.example' },
    { subscriber: 'carl' },
  ])
  await ledger.accounts.removeAccounts([])
  assert.deepEqual(await (await again()).accounts.accounts(), [anna])
})

withLedgers('app passwords are kept, changed and removed', async ({ ledger, again }) => {
  const one = (id: string, rest: Partial<StoredAppPassword> = {}): StoredAppPassword => ({
    id,
    login: 'anna@isp.example',
    subscriber: 'anna',
    label: 'phone',
    scopes: ['send'],
    at: AT,
    hash: 'h',
    ...rest,
  })
  for (const id of ['p1', 'p2', 'p3']) await ledger.accounts.putAppPassword(one(id))
  await ledger.accounts.putAppPassword(one('p1', { lastUsed: AT }))
  await ledger.accounts.removeAppPasswords(['p2', 'p3', 'p4'])
  assert.deepEqual(await (await again()).accounts.appPasswords(), [one('p1', { lastUsed: AT })])
})
