// A lease of a wide prefix, and another customer's inside it: what is enforced on the whole prefix must not meet the other one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Decision } from '../../model/decision.ts'
import type { Lease } from '../../model/lease.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { NetworkControl } from '../../ports/network-control.ts'
import { enforcedWords } from '../orders/enforced-words.ts'
import { linesChanged } from '../orders/lines-changed.ts'
import { checkNetwork } from './check-network.ts'
import { leaseMover } from './move-leases.ts'
import { desiredState } from './reconcile.ts'

const AT = Date.UTC(2026, 10, 28)
const customer = (id: string, plan: Subscriber['plan'] = 'consumer'): Subscriber => ({
  id,
  plan,
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})
const isolated = (id: string): Decision => ({
  id: `d-${id}`,
  incident: `i-${id}`,
  subject: `line:${id}`,
  kind: 'isolate',
  at: AT,
  until: AT + 1e9,
  by: 'staff',
})
const lease = (subscriber: string, prefix: string, from = AT): Lease => ({
  realm: 'main',
  prefix,
  subscriber,
  from,
})

function network(all: readonly Subscriber[], contained: readonly string[]) {
  const leases = memoryLeases()
  const compared: string[] = []
  const parts = {
    cases: {
      inForce: (subject: string) =>
        contained.flatMap(id => (subject === `line:${id}` ? isolated(id) : [])),
    },
    leases,
    subscribers: memorySubscribers(all),
    drivers: [],
    turns: new Map(),
    reporter: { note: () => undefined },
    now: () => AT,
    trouble: () => undefined,
  }
  const move = leaseMover({
    leases,
    leaseRows: { putLeases: async () => undefined },
    reporter: parts.reporter,
    reconcile: id => void compared.push(id),
    now: parts.now,
  })
  const wanted = (id: string) => desiredState(parts, id).map(one => `${one.state} ${one.prefix}`)
  return { leases, parts, move, wanted, compared }
}

for (const [wide, inner] of [
  ['198.51.101.8/29', '198.51.101.9/32'],
  ['198.51.96.0/20', '198.51.101.9/32'],
  ['2001:db8:1a01::/56', '2001:db8:1a01::/64'],
  ['2001:db8:1a01::/48', '2001:db8:1a01:7::5/128'],
] as const) {
  test(`${wide} of a contained customer is not closed whole while another has ${inner}, whichever came first`, async () => {
    for (const order of [
      [lease('kd1', wide), lease('kd2', inner)],
      [lease('kd2', inner), lease('kd1', wide)],
    ]) {
      const { move, wanted, compared } = network([customer('kd1'), customer('kd2')], ['kd1'])
      for (const one of order) await move([{ kind: 'open', lease: one }])
      assert.deepEqual(wanted('kd1'), [])
      assert.ok(compared.includes('kd1'), 'kd1 is compared again when the other comes')
      compared.length = 0
      await move([{ kind: 'close', lease: { ...lease('kd2', inner), to: AT + 1 } }])
      assert.deepEqual(compared.toSorted(), ['kd1', 'kd2'], 'and when the other leaves')
      assert.deepEqual(wanted('kd1'), [`isolated ${wide}`])
    }
  })
}

test('the customer’s own address in its network takes nothing from it, nor one beside it or of another realm', async () => {
  const { move, wanted } = network([customer('kd1'), customer('kd2')], ['kd1'])
  await move([
    { kind: 'open', lease: lease('kd1', '198.51.101.8/29') },
    { kind: 'open', lease: lease('kd1', '198.51.101.9/32') },
    { kind: 'open', lease: lease('kd2', '198.51.101.16/32') },
    { kind: 'open', lease: { ...lease('kd2', '198.51.101.10/32'), realm: 'bng2' } },
  ])
  assert.deepEqual(wanted('kd1').toSorted(), [
    'isolated 198.51.101.8/29',
    'isolated 198.51.101.9/32',
  ])
})

test('an expert’s wide prefix opens no port for the customer who has an address in it, contained or not', async () => {
  for (const contained of [[], ['kd2']]) {
    const { move, wanted } = network([customer('ex', 'expert'), customer('kd2')], contained)
    await move([{ kind: 'open', lease: lease('ex', '198.51.101.8/29') }])
    assert.deepEqual(wanted('ex'), ['open 198.51.101.8/29'])
    await move([{ kind: 'open', lease: lease('kd2', '198.51.101.9/32') }])
    assert.deepEqual(wanted('ex'), [])
    assert.deepEqual(wanted('kd2'), contained.length > 0 ? ['isolated 198.51.101.9/32'] : [])
  }
})

test('the doctor names the contained customer, whose prefix is not closed and in doubt, and the other in it', async () => {
  const { parts, move } = network([customer('kd1'), customer('kd2')], ['kd1'])
  await move([
    { kind: 'open', lease: { ...lease('kd1', '198.51.101.8/29'), doubtFrom: AT } },
    { kind: 'open', lease: lease('kd2', '198.51.101.9/32') },
  ])
  const [found] = await checkNetwork(parts)
  assert.equal(found?.what, 'leases overlap')
  assert.equal(found?.about, 'kd1')
  assert.match(found?.words ?? '', /198\.51\.101\.8\/29.*198\.51\.101\.9\/32 of kd2/)
})

test('the doctor names a contained customer who has no lease, and so no closed line', async () => {
  const { parts, move } = network([customer('kd1'), customer('kd2')], ['kd1'])
  const driver = { name: 'r', fits: () => true, list: async () => [] } as never
  const found = async () =>
    (await checkNetwork({ ...parts, drivers: [driver] })).map(one => `${one.what} ${one.about}`)
  assert.deepEqual(await found(), ['no lease kd1'])
  await move([{ kind: 'open', lease: lease('kd1', '198.51.101.8/32') }])
  assert.deepEqual(await found(), ['set differs r'])
})

/** A router, or an access server that is told of a session. */
const driverOf = (name: string, meetsOne?: () => boolean): NetworkControl => ({
  name,
  fits: () => true,
  apply: async () => undefined,
  revoke: async () => undefined,
  list: async () => [],
  ...(meetsOne ? { meetsOne } : {}),
})

for (const [words, mine, others] of [
  ['a /64 of another in it', lease('kd1', '2001:db8:1a01::/56'), '2001:db8:1a01::/64'],
  [
    'a doubt about it',
    { ...lease('kd1', '198.51.101.8/32'), doubtFrom: AT + 1 },
    '198.51.101.9/32',
  ],
] as const)
  test(`a session that is met alone is closed in spite of ${words}; a router that meets others is not told`, async () => {
    const { parts, move } = network([customer('kd1'), customer('kd2')], ['kd1'])
    await move([
      { kind: 'open', lease: mine },
      { kind: 'open', lease: lease('kd2', others) },
    ])
    const [router, access, number] = [
      driverOf('router'),
      driverOf('access', () => true),
      driverOf('number', () => false),
    ]
    const wantedBy = (driver: NetworkControl) =>
      desiredState(parts, undefined, driver).map(({ prefix, subscriber }) => [prefix, subscriber])
    assert.deepEqual([router, access, number].map(wantedBy), [[], [[mine.prefix, 'kd1']], []])
    const found = async (...drivers: readonly NetworkControl[]) =>
      (await checkNetwork({ ...parts, drivers })).filter(({ what }) => what !== 'set differs')
    assert.deepEqual(await found(access), [])
    const [finding, ...more] = await found(router, access)
    assert.match(finding?.words ?? '', /at router[,:]/)
    assert.deepEqual(more, [])
    const list = async () => desiredState(parts, 'kd1', access)
    const order = { subscriber: 'kd1', decision: 'isolate' } as const
    const said = await enforcedWords({ ...parts, network: [{ ...access, list }] }, order)
    assert.doesNotMatch(said, /NOT enforced|Nothing is enforced/)
    const at = { subscriber: 'kd1', prefix: mine.prefix }
    assert.match(
      linesChanged({ ...parts, network: [router, access] }, 'kd1', { inForce: [] }),
      new RegExp(`would change: ${at.prefix} of kd1 at access: isolated -> default\\.$`),
    )
  })

test('among a hundred thousand leases those inside one prefix are found without looking at all', () => {
  const { leases } = network([], [])
  for (let i = 0; i < 100_000; i++)
    leases.open(
      lease(`c${i}`, `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}00::1/128`),
    )
  const began = performance.now()
  for (let i = 0; i < 1000; i++)
    assert.equal(
      leases.within('main', `2001:db8:${(i >> 8).toString(16)}:${(i & 255).toString(16)}00::/56`)
        .length,
      1,
    )
  assert.ok(performance.now() - began < 500)
})
