import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lease } from '../../model/lease.ts'
import type { Account, StoredAppPassword } from '../../ports/accounts.ts'
import type { RecordRow, RecordRows } from '../../ports/records.ts'
import { keepToldElsewhere } from './from-file.ts'
import { customersToTakeOver, keepCustomers, knownToLedger } from './take-over.ts'
import type { ConfiguredCustomers } from './known-to-ledger.ts'

const AT = 1_000_000

type Customers = {
  readonly customers?: Readonly<Record<string, string | undefined>>
  readonly leases?: Readonly<Record<string, string>>
}

/** Customer -> hash of their one login; prefix -> whose it is. */
const file = ({ customers = {}, leases = {} }: Customers): ConfiguredCustomers => ({
  subscribers: Object.entries(customers).map(([id, passwordHash]) => ({
    id,
    plan: 'consumer',
    flags: [],
    language: 'en',
    contacts: [],
    logins: [{ name: `${id}@isp.example`, addresses: [], passwordHash }],
  })),
  leases: Object.entries(leases).map(([prefix, subscriber]) => ({
    realm: 'main',
    prefix,
    subscriber,
  })),
})

type Changed = {
  readonly changed: readonly { readonly id: string }[]
  readonly gone?: readonly string[]
}

/** A ledger in three maps; `failsAt`: the so-manieth write of the next turn throws. */
function house() {
  const customers = new Map<string, unknown>()
  const accounts = new Map<string, Account>()
  const leases = new Map<string, Lease>()
  let apps: StoredAppPassword[] = []
  let row: RecordRow | undefined
  let left = Number.POSITIVE_INFINITY
  const writing = <A>(write: () => A): Promise<A> => {
    left -= 1
    return left < 0 ? Promise.reject(new Error('killed')) : Promise.resolve(write())
  }
  const key = ({ subscriber, login = '' }: Omit<Account, 'hash'>) => `${subscriber} ${login}`
  const records: RecordRows = {
    list: async () => (row ? [row] : []),
    get: async () => row,
    put: ({ id, expectedRev, body }) =>
      writing(() => {
        row = { id, rev: expectedRev + 1, body }
        return row.rev
      }),
    remove: async () => 'removed',
  }
  const ledger = {
    records,
    customers: {
      subscribers: async () => [...customers.keys()].map(id => ({ id })) as never,
      changeSubscribers: ({ changed, gone = [] }: Changed) =>
        writing(() => {
          for (const id of gone) customers.delete(id)
          for (const one of changed) customers.set(one.id, one)
        }),
    },
    accounts: {
      accounts: async () => [...accounts.values()],
      appPasswords: async () => apps,
      putAccounts: (all: readonly Account[]) =>
        writing(() => all.forEach(one => accounts.set(key(one), one))),
      removeAccounts: (all: readonly Omit<Account, 'hash'>[]) =>
        writing(() => all.forEach(one => accounts.delete(key(one)))),
      removeAppPasswords: (ids: readonly string[]) =>
        writing(() => void (apps = apps.filter(one => !ids.includes(one.id)))),
    },
    leaseRows: {
      leases: async () => [...leases.values()],
      putLeases: (all: readonly Lease[]) =>
        writing(() => all.forEach(one => leases.set(`${one.prefix} ${one.from}`, one))),
    },
  }
  return {
    ledger,
    appPassword: (subscriber: string) =>
      void apps.push({ id: subscriber, subscriber, login: `${subscriber}@isp.example` } as never),
    killAt: (write: number) => void (left = write),
    take: async (given: Customers, at = AT) => {
      const taken = customersToTakeOver(await knownToLedger(ledger, at), file(given), at)
      await keepCustomers(ledger, taken)
    },
    now: () => ({
      customers: [...customers.keys()].toSorted(),
      passwords: [...accounts.values()].map(one => `${key(one)} ${one.hash}`).toSorted(),
      apps: apps.map(one => one.id),
      leases: [...leases.values()]
        .filter(one => one.to === undefined)
        .map(one => `${one.prefix} ${one.subscriber}`)
        .toSorted(),
    }),
  }
}

const BOTH = {
  customers: { anna: 'a1', bert: 'b1' },
  leases: { '192.0.2.1/32': 'anna', '192.0.2.2/32': 'bert' },
}
const ANNA = { customers: { anna: 'a1' }, leases: { '192.0.2.1/32': 'anna' } }

test('customers may be numbered as what objects of JavaScript have', async () => {
  const { take, now } = house()
  const ids = ['__proto__', 'constructor', 'toString', 'valueOf']
  const named = (all: readonly string[]) =>
    Object.fromEntries(all.map(id => [id, `hash of ${id}`] as const))
  await take({ customers: named([...ids, 'anna']), leases: {} })
  await take({ customers: named(ids), leases: {} }, AT + 1)
  assert.deepEqual(now().customers, ids.toSorted())
  assert.equal(now().passwords.length, ids.length)
  await take({ customers: named(['anna']), leases: {} }, AT + 2)
  assert.deepEqual(now().customers, ['anna'])
  assert.equal(now().passwords.length, 1)
})

test('who is gone from the file is gone, with logins, passwords and addresses', async () => {
  const { take, now, appPassword, ledger } = house()
  await take(BOTH)
  appPassword('anna')
  appPassword('bert')
  await ledger.leaseRows.putLeases([
    { realm: 'main', prefix: '192.0.2.9/32', subscriber: 'bert', from: AT + 1 },
  ])
  await take(ANNA, AT + 2)
  assert.deepEqual(now(), {
    customers: ['anna'],
    passwords: ['anna anna@isp.example a1'],
    apps: ['anna'],
    leases: ['192.0.2.1/32 anna'],
  })
})

test('what others told of stays: customers of a feed, also when the file had them too, and their leases', async () => {
  const { take, now, ledger } = house()
  await take(BOTH)
  await ledger.customers.changeSubscribers({ changed: [{ id: 'carl' }] })
  await keepToldElsewhere(ledger.records, new Set(['bert', 'carl']))
  // An access server has given the address to the same customer anew, and another address before the file named it.
  await ledger.leaseRows.putLeases([
    { realm: 'main', prefix: '192.0.2.2/32', subscriber: 'bert', from: AT, to: AT + 1 },
    { realm: 'main', prefix: '192.0.2.2/32', subscriber: 'bert', from: AT + 1 },
    { realm: 'main', prefix: '192.0.2.8/32', subscriber: 'anna', from: AT + 1 },
  ])
  await take({ ...BOTH, leases: { ...BOTH.leases, '192.0.2.8/32': 'anna' } }, AT + 2)
  await take(ANNA, AT + 3)
  assert.deepEqual(now(), {
    customers: ['anna', 'bert', 'carl'],
    passwords: ['anna anna@isp.example a1', 'bert bert@isp.example b1'],
    apps: [],
    leases: ['192.0.2.1/32 anna', '192.0.2.2/32 bert', '192.0.2.8/32 anna'],
  })
})

test('a password that the file changes is in force; what was changed in the portal stays until then', async () => {
  const { take, now, ledger } = house()
  const anna = (hash: string | undefined) => take({ customers: { anna: hash } })
  const portal = () =>
    ledger.accounts.putAccounts([{ subscriber: 'anna', login: 'anna@isp.example', hash: 'p' }])
  const is = (...hashes: string[]) =>
    assert.deepEqual(
      now().passwords,
      hashes.map(hash => `anna anna@isp.example ${hash}`),
    )
  await anna('a1')
  await anna('a2')
  is('a2')
  await portal()
  await anna('a2')
  is('p')
  await anna('a3')
  is('a3')
  await anna(undefined)
  is()
  await portal()
  await anna(undefined)
  is('p')
  await anna('a3')
  is('a3')
})

test('a login that is gone from a customer has no password any more', async () => {
  const { take, now, ledger } = house()
  await take(BOTH)
  await ledger.accounts.putAccounts([
    { subscriber: 'bert', login: 'bert@isp.example', hash: 'p' },
    { subscriber: 'bert', login: 'old@isp.example', hash: 'q' },
  ])
  await take(BOTH)
  assert.deepEqual(now().passwords, ['anna anna@isp.example a1', 'bert bert@isp.example p'])
})

test('before anything is known of what came from the file, nothing goes and no password changes', async () => {
  const { take, now, ledger } = house()
  await ledger.customers.changeSubscribers({ changed: [{ id: 'anna' }, { id: 'bert' }] })
  await ledger.accounts.putAccounts([{ subscriber: 'anna', login: 'anna@isp.example', hash: 'p' }])
  await take(ANNA)
  assert.deepEqual(now().customers, ['anna', 'bert'])
  assert.deepEqual(now().passwords, ['anna anna@isp.example p'])
})

test('an address that a customer was given since stays given, until the file says something new of it', async () => {
  const { take, now, ledger } = house()
  const given = (subscriber: string, from: number, before: Lease) =>
    ledger.leaseRows.putLeases([
      { ...before, to: from },
      { realm: 'main', prefix: '192.0.2.1/32', subscriber, from },
    ])
  const one = { realm: 'main', prefix: '192.0.2.1/32' }
  await take(BOTH)
  await given('bert', AT + 1, { ...one, subscriber: 'anna', from: AT })
  const bert = ['192.0.2.1/32 bert', '192.0.2.2/32 bert']
  // A reload that changes another lease, and two starts.
  await take({ ...BOTH, leases: { ...BOTH.leases, '192.0.2.3/32': 'anna' } }, AT + 2)
  assert.deepEqual(now().leases, [...bert, '192.0.2.3/32 anna'])
  await take(BOTH, AT + 3)
  await take(BOTH, AT + 4)
  assert.deepEqual(now().leases, bert)
  // To anna again by the access server, and to bert once more.
  await given('anna', AT + 5, { ...one, subscriber: 'bert', from: AT + 1 })
  await take(BOTH, AT + 6)
  assert.deepEqual(now().leases, ['192.0.2.1/32 anna', '192.0.2.2/32 bert'])
  await given('bert', AT + 7, { ...one, subscriber: 'anna', from: AT + 5 })
  await take(BOTH, AT + 8)
  assert.deepEqual(now().leases, bert)
  // Taken out of the file and named again: that is new.
  await take({ ...BOTH, leases: { '192.0.2.2/32': 'bert' } }, AT + 9)
  assert.deepEqual(now().leases, bert)
  await take(BOTH, AT + 10)
  assert.deepEqual(now().leases, ['192.0.2.1/32 anna', '192.0.2.2/32 bert'])
  // No customer has it any more.
  await ledger.leaseRows.putLeases([{ ...one, subscriber: 'anna', from: AT + 10, to: AT + 11 }])
  await take(BOTH, AT + 12)
  assert.deepEqual(now().leases, ['192.0.2.1/32 anna', '192.0.2.2/32 bert'])
})

test('killed between any two writes, a new lease takes over the address all the same', async () => {
  const next = { ...BOTH, leases: { ...BOTH.leases, '192.0.2.9/32': 'anna' } }
  for (let write = 0; write < 8; write++) {
    const { take, now, ledger, killAt } = house()
    await take(BOTH)
    await ledger.leaseRows.putLeases([
      { realm: 'main', prefix: '192.0.2.9/32', subscriber: 'bert', from: AT + 1 },
    ])
    killAt(write)
    await take(next, AT + 2).catch(() => undefined)
    killAt(Number.POSITIVE_INFINITY)
    await take(next, AT + 3)
    const wanted = [...ANNA_AND_BERT, '192.0.2.9/32 anna']
    assert.deepEqual(now().leases, wanted, `killed at write ${write + 1}`)
    await take(BOTH, AT + 4)
    assert.deepEqual(now().leases, ANNA_AND_BERT, `killed at write ${write + 1}, and gone again`)
  }
})

const ANNA_AND_BERT = ['192.0.2.1/32 anna', '192.0.2.2/32 bert']

test('killed between any two writes, the next start ends where it would have been', async () => {
  const next = { customers: { anna: 'a2', carl: 'c1' }, leases: { '192.0.2.3/32': 'anna' } }
  const whole = house()
  await whole.take(BOTH)
  await whole.take(next, AT + 1)
  let kills = 0
  for (let write = 0; ; write++) {
    const broken = house()
    await broken.take(BOTH)
    broken.appPassword('bert')
    broken.killAt(write)
    const died = await broken.take(next, AT + 1).then(
      () => false,
      () => true,
    )
    broken.killAt(Number.POSITIVE_INFINITY)
    await broken.take(next, AT + 2)
    assert.deepEqual(broken.now(), whole.now(), `killed at write ${write + 1}`)
    if (!died) break
    kills++
  }
  assert.equal(kills, 7)
})
