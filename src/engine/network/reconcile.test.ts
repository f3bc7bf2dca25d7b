import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Restriction } from '../../model/decision.ts'
import type { Subscriber } from '../../model/subscriber.ts'
import type { Lifted, NetworkControl } from '../../ports/network-control.ts'
import { differenceFrom, reconcile } from './reconcile.ts'

const expert = (id: string): Subscriber => ({
  id,
  plan: 'expert',
  flags: [],
  language: 'en',
  contacts: [],
  logins: [],
})

/** Two experts' lines, and a router that holds what was not decided. */
function scene(router: Partial<NetworkControl>) {
  const said: string[] = []
  const lines = ['anna', 'bert']
  const held: Restriction = {
    realm: 'main',
    prefix: '192.0.2.99/32',
    subscriber: 'gone',
    state: 'isolated',
    walledGarden: false,
  }
  const driver: NetworkControl = {
    name: 'router',
    fits: () => true,
    list: async () => [held],
    apply: async all => void said.push(`apply ${all.map(({ prefix }) => prefix).join(' ')}`),
    revoke: async all => void said.push(`revoke ${all.map(({ prefix }) => prefix).join(' ')}`),
    ...router,
  }
  const parts = {
    cases: { inForce: () => [] },
    leases: memoryLeases(
      lines.map((subscriber, i) => ({
        realm: 'main',
        prefix: `192.0.2.${i + 1}/32`,
        subscriber,
        from: 0,
      })),
    ),
    subscribers: memorySubscribers(lines.map(expert)),
    drivers: [driver],
    turns: new Map(),
    reporter: {
      note: (event: { kind: string; prefix?: string; failed?: string }) =>
        void said.push(`${event.prefix} ${event.failed ?? 'done'}`),
    },
    now: () => 0,
    trouble: (error: unknown) => void said.push(String(error)),
  }
  return { parts, said }
}

test('what is too much is taken off, and what is missing is put on', async () => {
  const { parts, said } = scene({})
  await reconcile(parts)
  assert.deepEqual(said, [
    'revoke 192.0.2.99/32',
    'apply 192.0.2.1/32 192.0.2.2/32',
    '192.0.2.99/32 done',
    '192.0.2.1/32 done',
    '192.0.2.2/32 done',
  ])
})

test('what cannot be taken off keeps nothing from being put on', async () => {
  const { parts, said } = scene({ revoke: () => Promise.reject(new Error('away')) })
  await reconcile(parts)
  assert.deepEqual(said, [
    'apply 192.0.2.1/32 192.0.2.2/32',
    '192.0.2.99/32 away',
    '192.0.2.1/32 done',
    '192.0.2.2/32 done',
  ])
})

test('a router that says nothing is trouble, and what it cannot do is not asked of it', async () => {
  const silent = scene({ list: () => Promise.reject(new Error('silence')) })
  await reconcile(silent.parts)
  assert.deepEqual(silent.said, ['Error: silence'])
  const small = scene({ list: async () => [], fits: ({ prefix }) => prefix === '192.0.2.2/32' })
  await reconcile(small.parts)
  assert.deepEqual(small.said, ['apply 192.0.2.2/32', '192.0.2.2/32 done'])
})

test('a change that is slow is not overtaken by the one that takes it back', async () => {
  let held: readonly Restriction[] = []
  const told = Promise.withResolvers<void>()
  const arrives = Promise.withResolvers<void>()
  const { parts, said } = scene({
    list: async () => held,
    apply: async all => {
      told.resolve()
      await arrives.promise
      held = all
    },
    revoke: async () => void (held = []),
  })
  const first = reconcile(parts, 'anna')
  await told.promise
  // Taken back while the router is told.
  parts.subscribers = memorySubscribers([{ ...expert('anna'), plan: 'consumer' }])
  const later = [reconcile(parts, 'anna'), reconcile(parts)]
  await new Promise(resolve => setImmediate(resolve))
  arrives.resolve()
  await Promise.all([first, ...later])
  assert.deepEqual(said, ['192.0.2.1/32 done', '192.0.2.1/32 done'])
  assert.deepEqual(held, [])
})

test('a place that another customer is to have, and has not after all, is not left to the one before', async () => {
  const of = (prefix: string): Restriction => ({
    realm: 'main',
    prefix,
    subscriber: 'gone',
    state: 'isolated',
    walledGarden: false,
  })
  const { parts } = scene({
    list: async () => held,
    revoke: async all => {
      held = held.filter(one => !all.some(({ prefix }) => prefix === one.prefix))
      // No longer an expert while the router is told.
      parts.subscribers = memorySubscribers([expert('bert')])
    },
    apply: async all => {
      held = [...held.filter(one => !all.some(({ prefix }) => prefix === one.prefix)), ...all]
    },
  })
  let held: readonly Restriction[] = [of('192.0.2.1/32'), of('192.0.2.99/32')]
  await reconcile(parts)
  assert.deepEqual(
    held.map(({ prefix, subscriber }) => `${prefix} ${subscriber}`),
    ['192.0.2.2/32 bert'],
  )
})

test('what is taken off a session that is to be restricted at another address is said to stay', async () => {
  const session = { nas: 'bng', id: 's1', user: 'anna' }
  const lifted: Lifted[] = []
  const held = (id: string): Restriction => ({
    realm: 'main',
    prefix: `192.0.2.${id}/32`,
    subscriber: 'anna',
    session: { ...session, id: `s${id}` },
    state: 'open',
    walledGarden: false,
  })
  const { parts } = scene({
    list: async () => [{ ...held('9'), session }, held('8')],
    revoke: async all => void lifted.push(...all),
  })
  const at = { realm: 'main', subscriber: 'anna', from: 0 }
  await reconcile({ ...parts, leases: memoryLeases([{ ...at, prefix: '192.0.2.1/32', session }]) })
  assert.deepEqual(
    lifted.map(({ prefix, stays }) => [prefix, stays]),
    [
      ['192.0.2.9/32', true],
      ['192.0.2.8/32', false],
    ],
  )
})

test('a session that begins anew under its number is restricted anew: nothing is left of what was put on before', async () => {
  const session = { nas: 'bng', id: 's1', user: 'anna' }
  const applied: (number | undefined)[] = []
  let held: readonly Restriction[] = []
  const { parts } = scene({
    list: async () => held,
    apply: async all => {
      applied.push(...all.map(({ began }) => began))
      held = all
    },
    revoke: async () => assert.fail('it is not opened in between'),
  })
  const subscribers = memorySubscribers([expert('anna')])
  const at = { realm: 'main', subscriber: 'anna', prefix: '192.0.2.1/32', session }
  for (const from of [1000, 1000, 2000])
    await reconcile(
      { ...parts, subscribers, leases: memoryLeases([{ ...at, from }]), turns: new Map() },
      'anna',
    )
  assert.deepEqual(applied, [1000, 2000])
})

test('what a device needs for its entries is brought back before they are compared again', async () => {
  const order: string[] = []
  const { parts } = scene({
    list: async () => {
      order.push('list')
      return []
    },
    repair: async () => order.push('repair') === 2,
    apply: async () => void order.push('apply'),
  })
  await reconcile(parts)
  assert.deepEqual(order.slice(0, 3), ['list', 'repair', 'list'])
})

test('the session of a customer who is released is done with, although another’s with its number stays restricted', () => {
  const entryOf = (subscriber: string, prefix: string) => ({
    realm: 'main',
    prefix,
    subscriber,
    session: { nas: 'bng', id: 's1', user: subscriber },
    state: 'open' as const,
    walledGarden: false,
  })
  const { parts } = scene({})
  const [mine, other] = [entryOf('anna', '192.0.2.1/32'), entryOf('bert', '192.0.2.2/32')]
  const leases = memoryLeases([mine, other].map(one => ({ ...one, from: 1000 })))
  const subscribers = memorySubscribers([expert('anna')])
  const driver = { ...parts.drivers[0], name: 'bng', fits: () => true } as NetworkControl
  const { undone } = differenceFrom([mine, other], {
    parts: { ...parts, subscribers, leases },
    driver,
  })
  assert.deepEqual(
    undone.map(({ subscriber, stays, over }) => [subscriber, stays, over]),
    [['bert', false, false]],
  )
})
