// What every store of customers must do.

import assert from 'node:assert/strict'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { withLedgers } from '../support/ledgers.ts'

const customer = (id: string, plan: Subscriber['plan'] = 'consumer'): Subscriber => ({
  id,
  plan,
  flags: [],
  language: 'en',
  contacts: [`${id}@isp.example`],
  logins: [{ name: `${id}@isp.example`, addresses: [`${id}@isp.example`] }],
})

withLedgers('customers are kept, replaced and removed', async ({ ledger, again }) => {
  const { customers } = ledger
  const put = (...changed: readonly Subscriber[]) =>
    customers.changeSubscribers({ changed, gone: [] })
  await put(customer('b'), customer('a'), customer('c'))
  await put(customer('a', 'site'))
  await customers.changeSubscribers({ changed: [customer('d')], gone: ['b', 'nobody', 'd'] })
  const kept = (await again()).customers
  const all = (await kept.subscribers()).toSorted((x, y) => x.id.localeCompare(y.id))
  assert.deepEqual(all, [customer('a', 'site'), customer('c'), customer('d')])
})

withLedgers('pages are in the order of ids; many are removed at once', async ({ ledger }) => {
  const { customers } = ledger
  const put = (...changed: readonly Subscriber[]) =>
    customers.changeSubscribers({ changed, gone: [] })
  const ids = Array.from({ length: 1200 }, (_, i) => `c${String(i).padStart(4, '0')}`)
  await put(...ids.map(id => customer(id)).reverse())
  const page = async (limit: number, after?: string) =>
    (await customers.subscribers({ limit, ...(after === undefined ? {} : { after }) })).map(
      one => one.id,
    )
  assert.deepEqual(await page(3), ids.slice(0, 3))
  assert.deepEqual(await page(3, ids[2]), ids.slice(3, 6))
  assert.deepEqual(await page(3, ids.at(-1)), [])
  await customers.changeSubscribers({ changed: [], gone: ids.slice(1) })
  assert.deepEqual(await page(3), ids.slice(0, 1))
})

const withAddress = (id: string, ...addresses: readonly string[]): Subscriber => ({
  ...customer(id),
  logins: [{ name: `${id}@isp.example`, addresses: [`${id}@isp.example`, ...addresses] }],
})

withLedgers('an address or a login of one customer is given to no other', async ({ ledger }) => {
  const { customers } = ledger
  const put = (...changed: readonly Subscriber[]) =>
    customers.changeSubscribers({ changed, gone: [] })
  const both = 'both@isp.example'
  await put(withAddress('a', both), customer('b'))
  const standing = await customers.subscribers()
  // As an address, as the name of a login, of a customer who is new, and of two in one list.
  await assert.rejects(put(withAddress('b', both)), {
    name: 'AddressTaken',
    message: /both@isp\.example is an address of customer a, and would be one of customer b/,
  })
  await assert.rejects(put({ ...customer('b'), logins: [{ name: both, addresses: [both] }] }))
  await assert.rejects(put(withAddress('c', 'a@isp.example')))
  await assert.rejects(put(withAddress('c', 'n@isp.example'), withAddress('d', 'n@isp.example')))
  assert.deepEqual(await customers.subscribers(), standing)
  // From one to the other, and from one who is gone.
  await put(withAddress('b', both), customer('a'))
  await customers.changeSubscribers({ changed: [withAddress('c', both)], gone: ['b'] })
  assert.deepEqual(await customers.addressesOfMany({ limit: 10 }), [])
})
