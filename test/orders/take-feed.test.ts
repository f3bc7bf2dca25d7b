// A customer that a feed no longer has: their addresses are nobody's from that moment on. A feed without customers is a mistake.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bareCustomer } from '../support/bare-customer.ts'
import { memoryLeases } from '../../src/drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../src/drivers/directory/subscribers-memory.ts'
import { takeFeed } from '../../src/engine/orders/take-feed.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { ToldSubscriber } from '../../src/model/feed-row.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { parseOrder } from '../../src/orders/parse-order.ts'

const AT = Date.UTC(2026, 5, 1)
const [anna, bert] = [bareCustomer('anna'), bareCustomer('bert')]

const never = () => assert.fail('it was asked')
const EDGE = { name: 'edge', fits: () => true, apply: never, revoke: never, list: never }

type More = { dryRun?: boolean; despite?: string; by?: 'chore' | 'staff' }

function house(there = [anna, bert], own: readonly string[] = [], domains: readonly string[] = []) {
  const subscribers = memorySubscribers(there)
  const leases = memoryLeases([
    { realm: 'main', prefix: '192.0.2.7/32', subscriber: 'anna', from: AT - 1000 },
    { realm: 'main', prefix: '192.0.2.8/32', subscriber: 'bert', from: AT - 1000 },
  ])
  const disk = { isFull: false, takesLeases: true }
  const parts: Parameters<typeof takeFeed>[0] = {
    subscribers,
    leases,
    network: [EDGE],
    cases: { inForce: () => [] },
    moveLeases: async changes => {
      if (!disk.takesLeases) throw new StoreUnavailable('database or disk is full')
      for (const { lease } of changes) leases.close(lease, lease.to ?? AT)
    },
    feed: {
      named: () => own,
      domains: () => domains,
      ownerless: () =>
        [...leases.all()].filter(
          ({ to, subscriber }) => to === undefined && !subscribers.get(subscriber),
        ),
      take: async ({ changed, gone }) => {
        if (disk.isFull) throw new StoreUnavailable('database or disk is full')
        const rest = [...subscribers.all()].filter(one => !gone.includes(one.id))
        subscribers.replace([...rest, ...changed])
      },
    },
  }
  const feed = (given: readonly ToldSubscriber[], { by = 'staff', ...more }: More = {}) =>
    takeFeed(parts, {
      order: { kind: 'take-feed', subscribers: given, keep: [], ...more },
      actor: { kind: by, name: 'subscriber feed' },
      at: AT,
    })
  const holder = (address: string, at?: number) =>
    at === undefined
      ? leases.holder('main', address, undefined)
      : leases.holderAt('main', address, undefined, at)
  return { feed, holder, subscribers, disk }
}

test('who is gone has no address any more, and had one before', async () => {
  const { feed, holder } = house()
  assert.equal(
    (await feed([bert], { dryRun: true })).text,
    'Would be: 0 new, 0 changed (0 plans), 1 gone. Gone: anna. No line would open or close.',
  )
  assert.equal(holder('192.0.2.7').sure, 'certain')
  assert.equal((await feed([bert])).done, true)
  assert.equal(holder('192.0.2.7').sure, 'unknown')
  assert.equal(holder('192.0.2.7', AT - 500).subscriber, 'anna')
  assert.equal(holder('192.0.2.8').subscriber, 'bert')
})

test('a dry run says whose port 25 a new plan opens, or the old one of a customer who is gone closes', async () => {
  const expert = (one: Subscriber): Subscriber => ({ ...one, plan: 'expert' })
  const { feed } = house([anna, expert(bert)])
  const { text } = await feed([expert(anna)], { dryRun: true })
  assert.match(
    text,
    /These lines would change: 192\.0\.2\.8\/32 of bert at edge: open -> default; 192\.0\.2\.7\/32 of anna at edge: default -> open\.$/,
  )
})

test('a feed without customers is a mistake in a small house, too', async () => {
  const { feed, holder, subscribers } = house()
  const { done, text } = await feed([])
  assert.equal(done, false)
  assert.match(text, /no customers in it at all.*Nothing was changed.*--despite WHY/)
  assert.equal(subscribers.count(), 2)
  assert.equal((await feed([], { despite: 'the house is sold' })).done, true)
  assert.equal(subscribers.count(), 0)
  assert.equal(holder('192.0.2.8').sure, 'unknown')
})

const many = (count: number) => Array.from({ length: count }, (_, i) => bareCustomer(`kd${i}`))

test('a list of only some customers takes nobody out, unless somebody says why', async () => {
  const { feed, subscribers } = house(many(150))
  const part = many(148)
  const dry = await feed(part, { dryRun: true })
  assert.match(
    dry.text,
    /^Would be: .*2 gone\. 2 of 150 .*--despite.* Gone: kd148, kd149\. No line/,
  )
  const refused = await feed(part)
  assert.equal(refused.done, false)
  assert.match(refused.text, /^2 of 150 customers would be gone; more than 1 at once.*Nothing/)
  assert.equal(subscribers.count(), 150)
  const { done, text } = await feed(part, { despite: 'they moved away' })
  assert.deepEqual([done, text], [true, '0 new, 0 changed (0 plans), 2 gone. Gone: kd148, kd149.'])
  assert.equal(subscribers.count(), 148)
  assert.equal((await feed(many(147))).done, true, 'one goes without a reason')
})

test('what is different is named, of many the first', async () => {
  const { feed } = house(many(10))
  const next = many(40).map(one => (one.id === 'kd3' ? { ...one, plan: 'expert' as const } : one))
  assert.match(
    (await feed(next)).text,
    /^30 new, 1 changed \(1 plans\), 0 gone\. New: kd10, .*, kd29 and 10 more\. Changed: kd3 \(consumer to expert\)\.$/,
  )
})

test('customers of the configuration stay, whatever the list says', async () => {
  const { feed, subscribers } = house([anna, bert], ['anna'])
  assert.equal((await feed([bareCustomer('kd1'), bert])).done, true)
  assert.deepEqual([...subscribers.all()].map(one => one.id).toSorted(), ['anna', 'bert', 'kd1'])
})

test('a feed that is read by itself may lose one in ten of a small house, and twenty at most', async () => {
  for (const [before, gone, done] of [
    [50, 5, true],
    [50, 6, false],
    [400, 20, true],
    [400, 21, false],
    [3000, 30, true],
    [3000, 31, false],
  ] as const) {
    const { feed } = house(many(before))
    const outcome = await feed(many(before - gone), { by: 'chore' })
    assert.equal(outcome.done, done, `${gone} of ${before}: ${outcome.text}`)
  }
})

const withLogins = (count: number, more: Partial<Subscriber> = {}) =>
  many(count).map(one => ({
    ...one,
    flags: ['lifeline'] as const,
    contacts: [`${one.id}@home.example`],
    logins: [login(`${one.id}@isp.example`, `${one.id}.alias@isp.example`)],
    ...more,
  }))
const login = (name: string, ...aliases: readonly string[]) => ({
  name,
  addresses: [name, ...aliases],
})

test('a list that lacks a column takes nothing from anybody, unless somebody says why', async () => {
  const plain = { logins: [], contacts: [], flags: [] as Subscriber['flags'] }
  for (const [lacks, what] of [
    [{ logins: [] }, '44 of 44 logins'],
    [{ contacts: [] }, '44 of 44 contacts'],
    [{ flags: [] as Subscriber['flags'] }, '44 of 44 flags'],
    [plain, '44 of 44 logins'],
  ] as const)
    for (const by of ['staff', 'chore'] as const) {
      const { feed, subscribers } = house(withLogins(44))
      const before = [...subscribers.all()]
      const { done, text } = await feed(withLogins(44, lacks), { by })
      assert.equal(done, false, text)
      assert.match(text, new RegExp(`${what} of customers who stay would be gone.*--despite WHY`))
      assert.deepEqual([...subscribers.all()], before)
      const dry = await feed(withLogins(44, lacks), { by, dryRun: true })
      assert.match(dry.text, /, 44 \w+ gone of those who stay.*Gone \w+: /)
      assert.equal((await feed(withLogins(44, lacks), { by, despite: 'a test' })).done, true)
    }
})

test('one login, and one address beside it, may go of a small house, and one in a hundred of a large one', async () => {
  const first = (count: number, lost: number, logins: (one: Subscriber) => Subscriber['logins']) =>
    withLogins(count).map((one, i) => (i < lost ? { ...one, logins: logins(one) } : one))
  const none = () => []
  const plain = ({ id }: Subscriber) => [login(`${id}@isp.example`)]
  for (const [count, lost, logins, done] of [
    [44, 1, none, true],
    [44, 2, none, false],
    [300, 3, none, true],
    [300, 4, none, false],
    [44, 1, plain, true],
    [44, 2, plain, false],
    [1, 1, none, false],
    [1, 1, plain, true],
  ] as const) {
    const { feed } = house(withLogins(count))
    const outcome = await feed(first(count, lost, logins))
    assert.equal(outcome.done, done, `${lost} of ${count}: ${outcome.text}`)
  }
})

test('whatever a list says, customers of the configuration are the same afterwards, and it is said', async () => {
  const known = withLogins(6)
  const own = known.slice(0, 3).map(one => one.id)
  const told = fc.record({
    id: fc.constantFrom('kd0', 'kd1', 'kd2', 'kd3', 'kd4', 'kd9'),
    plan: fc.constantFrom('consumer' as const, 'business' as const),
    flags: fc.constantFrom([], ['lifeline' as const]),
    language: fc.constantFrom('en', 'de'),
    contacts: fc.constantFrom([], ['x@other.example']),
    logins: fc.constantFrom([], [login('evil@isp.example')], [login('kd0@isp.example')]),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(told, { selector: one => one.id }),
      fc.boolean(),
      async (list, dryRun) => {
        const { feed, subscribers } = house(known, own)
        const mine = () => own.map(id => subscribers.get(id))
        const before = mine()
        const { done, text } = await feed(list, { despite: 'a test', dryRun })
        assert.deepEqual(mine(), before)
        const others = list.filter(one => own.includes(one.id)).length
        if (done && others > 0) assert.match(text, new RegExp(`, ${others} left as the config`))
      },
    ),
  )
})

test('a list without a column, or without a field, leaves what customers have', async () => {
  const there = withLogins(44).map(one => ({ ...one, plan: 'business' as const, language: 'de' }))
  for (const by of ['staff', 'chore'] as const)
    for (const told of [
      there.map(({ language: _language, ...rest }) => rest),
      there.map(({ plan: _plan, ...rest }) => rest),
      there.map(({ id, logins }) => ({ id, logins })),
      there.map(({ id }) => ({ id })),
      there.map(({ id, logins }) => ({ id, logins: logins.map(({ name }) => ({ name })) })),
    ]) {
      const { feed, subscribers } = house(there)
      assert.match((await feed(told, { by })).text, /^0 new, 0 changed \(0 plans\), 0 gone\.$/)
      assert.deepEqual([...subscribers.all()], there)
    }
})

test('an order is read like a row of a feed: folded, and refused where something is no mail address', () => {
  const parsed = (logins: unknown) =>
    parseOrder({ kind: 'take-feed', subscribers: [{ id: ' z1 ', logins }], keep: [] })
  const good = parsed([{ name: 'NewPerson@ISP.example ', addresses: ['Other@ISP.example'] }])
  assert.deepEqual('order' in good && good.order.kind === 'take-feed' && good.order.subscribers, [
    {
      id: 'z1',
      logins: [
        {
          name: 'newperson@isp.example',
          addresses: ['newperson@isp.example', 'other@isp.example'],
        },
      ],
    },
  ])
  for (const wrong of [
    [{ name: 'no address at all' }],
    [{ name: 'a@isp.example', addresses: ['x'] }],
  ]) {
    const bad = parsed(wrong)
    assert.ok('problem' in bad)
    assert.equal(bad.problem.field, 'subscribers[0]')
    assert.match(bad.problem.message, /^customer z1: .* is no mail address\.$/)
  }
})

test('a new login is in one of our domains; one that a customer has already stays', async () => {
  const foreign = { ...anna, logins: [login('a@foreign.example')] }
  const { feed, subscribers } = house([foreign, bert], [], ['isp.example'])
  const { done, text } = await feed([{ ...bert, logins: [login('root@foreign.example')] }, foreign])
  assert.equal(done, false)
  assert.match(
    text,
    /^root@foreign\.example of customer bert is in none of our domains.*Nothing was changed/,
  )
  assert.equal((await feed([bert, { ...foreign, plan: 'business' }])).done, true)
  assert.equal(subscribers.get('anna')?.plan, 'business')
})

test('an address that two have had since an earlier Cordon keeps neither from being changed, and nobody else', async () => {
  const dup = login('dup@isp.example')
  const one = { ...bareCustomer('d1'), logins: [dup] }
  const two = { ...bareCustomer('d2'), logins: [dup] }
  const { feed } = house([one, two])
  const business = (of: Subscriber): Subscriber => ({ ...of, plan: 'business' })
  assert.equal((await feed([business(one), two, bareCustomer('n1')])).done, true)
  assert.equal((await feed([business(one), business(two), bareCustomer('n1')])).done, true)
  const third = { ...bareCustomer('n1'), logins: [dup] }
  assert.match((await feed([business(one), business(two), third])).text, /^The feed gives dup@/)
  assert.match((await feed([third, one, two])).text, /^The feed gives dup@/)
})

test('a list that meets a full disk closes no line of a customer who stays, and the next one mends the rest', async () => {
  const { feed, holder, subscribers, disk } = house()
  disk.isFull = true
  await assert.rejects(feed([bert]), StoreUnavailable)
  assert.equal(holder('192.0.2.7').subscriber, 'anna')
  assert.ok(subscribers.get('anna'))
  Object.assign(disk, { isFull: false, takesLeases: false })
  await assert.rejects(feed([bert]), StoreUnavailable)
  assert.equal(subscribers.get('anna'), undefined)
  disk.takesLeases = true
  assert.equal((await feed([bert])).done, true)
  assert.equal(holder('192.0.2.7').sure, 'unknown')
  assert.equal(holder('192.0.2.8').subscriber, 'bert')
})
