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
