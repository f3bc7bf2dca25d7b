// What every store of leases must do.

import assert from 'node:assert/strict'
import { HOUR, MINUTE } from '../../src/model/duration.ts'
import { type Lease, sessionText } from '../../src/model/lease.ts'
import { MAX_HOLDERS } from '../../src/ports/lease-rows.ts'
import { AT, withLedgers } from '../support/ledgers.ts'

const lease = (subscriber: string, from: number, rest: Partial<Lease> = {}): Lease => ({
  realm: 'main',
  prefix: '203.0.113.7/32',
  subscriber,
  from: AT + from,
  ...rest,
})

withLedgers('open ones and those that ended lately, in their order', async ({ ledger, again }) => {
  const old = lease('old', 0, { to: AT + MINUTE })
  const past = lease('past', MINUTE, { to: AT + 2 * MINUTE })
  const now = lease('now', 2 * MINUTE)
  await ledger.leaseRows.putLeases([now, past, old])
  await ledger.leaseRows.putLeases([])
  const { leaseRows } = await again()
  assert.deepEqual(await leaseRows.leases(AT + MINUTE), [past, now])
  const ended = { ...now, to: AT + HOUR }
  await leaseRows.putLeases([ended])
  assert.deepEqual(await leaseRows.leases(AT), [old, past, ended])
  assert.equal(await leaseRows.forgetLeases(AT + 2 * MINUTE), 1)
  assert.deepEqual(await leaseRows.leases(0), [past, ended])
})

withLedgers('who held exactly these prefixes then, or within an hour', async ({ ledger }) => {
  const { leaseRows } = ledger
  const before = lease('before', -3 * HOUR, { to: AT - 2 * HOUR })
  const during = lease('during', -HOUR, { to: AT })
  const shared = lease('shared', 0, { ports: [1024, 2047] })
  const wide = lease('wide', 0, { prefix: '203.0.113.0/24' })
  const elsewhere = lease('elsewhere', 0, { realm: 'campus' })
  await leaseRows.putLeases([before, during, shared, wide, elsewhere])
  const held = async (prefixes: readonly string[], at: number) =>
    (await leaseRows.holders('main', prefixes, AT + at)).map(one => one.subscriber)
  assert.deepEqual(await held(['203.0.113.7/32'], 30 * MINUTE), ['shared', 'during'])
  assert.deepEqual(await held(['203.0.113.0/24', '0.0.0.0/0'], 0), ['wide'])
  assert.deepEqual(await held(['203.0.113.7/32'], -2.5 * HOUR), ['before'])
})

withLedgers(
  'of very many holders one more is told than may be',
  async ({ ledger: { leaseRows } }) => {
    const many = Array.from({ length: MAX_HOLDERS + 5 }, (_, i) =>
      lease(`c${i}`, 0, { ports: [i, i] }),
    )
    await leaseRows.putLeases(many)
    assert.equal((await leaseRows.holders('main', ['203.0.113.7/32'], AT)).length, MAX_HOLDERS + 1)
  },
)

withLedgers('who had an address and when: page by page, the newest first', async ({ ledger }) => {
  const { leaseRows } = ledger
  const all = [
    lease('old', 0, { to: AT + MINUTE }),
    lease('one', MINUTE, { ports: [1024, 2047] }),
    lease('two', MINUTE, { ports: [2048, 4095] }),
    lease('other', 2 * MINUTE, { prefix: '203.0.113.8/32' }),
    lease('far', 3 * MINUTE, { realm: 'campus' }),
  ]
  await leaseRows.putLeases(all)
  const names = (rows: readonly Lease[]) => rows.map(({ subscriber }) => subscriber)
  const newest = ['far', 'other', 'two', 'one', 'old']
  assert.deepEqual(names(await leaseRows.listLeases({ limit: 9 })), newest)
  const found: string[] = []
  let after: Lease | undefined
  do {
    const behind = after && {
      after: { ...after, firstPort: after.ports?.[0] ?? 0, session: sessionText(after) },
    }
    const [next] = await leaseRows.listLeases({ limit: 1, ...behind })
    after = next
    if (next) found.push(next.subscriber)
  } while (after)
  assert.deepEqual(found, newest)
  const of = { realm: 'main', prefixes: ['203.0.113.7/32', '203.0.113.0/24'] }
  assert.deepEqual(names(await leaseRows.listLeases({ of, limit: 9 })), ['two', 'one', 'old'])
})

withLedgers('two sessions that began in one second are two leases', async ({ ledger }) => {
  const { leaseRows } = ledger
  const session = (id: string) => ({ session: { nas: 'n1', id, user: 'anna' } })
  const first = lease('anna', 0, { ...session('s1'), to: AT })
  const second = lease('anna', 0, session('s2'))
  await leaseRows.putLeases([second, first])
  assert.deepEqual(new Set(await leaseRows.leases(0)), new Set([first, second]))
  const [newest] = await leaseRows.listLeases({ limit: 1 })
  assert.deepEqual(newest, second)
  const after = { ...second, firstPort: 0, session: sessionText(second) }
  assert.deepEqual(await leaseRows.listLeases({ limit: 9, after }), [first])
  assert.equal(await leaseRows.forgetLeases(AT + 1), 1)
  assert.deepEqual(await leaseRows.leases(0), [second])
})
