// One device of a driver that does not answer, as an access server: what waits for it keeps no order for another one waiting.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLeases } from '../../drivers/directory/leases-memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Restriction } from '../../model/decision.ts'
import type { Held, NetworkControl } from '../../ports/network-control.ts'
import { reconcile } from './reconcile.ts'

const quiet = () => new Promise(resolve => setTimeout(resolve, 20))

/** Lines at an access server that is silent, and one at another; experts, so that something is wanted for each. */
function scene(silent: number, atOnce = 2) {
  const leases = Array.from({ length: silent + 1 }, (_, i) => ({
    realm: 'main',
    prefix: `192.0.2.${i + 1}/32`,
    subscriber: i === silent ? 'well' : `mute${i}`,
    session: { nas: i === silent ? 'well' : 'mute', id: `s${i}`, user: '' },
    from: 0,
  }))
  const held = new Map<string, Held>()
  const said: string[] = []
  const answers: (() => void)[] = []
  const driver: NetworkControl = {
    name: 'coa',
    fits: () => true,
    lanes: { of: ({ session }) => session?.nas ?? '', atOnce },
    list: async who =>
      [...held.values()].filter(one => who === undefined || one.subscriber === who),
    apply: async all => {
      for (const one of all) held.set(one.prefix, { ...one, standing: 'unsure' })
      said.push(all.map(one => one.subscriber).join(' '))
      if (all.some(one => one.session?.nas === 'mute'))
        await new Promise<void>(resolve => answers.push(resolve))
      for (const one of all) held.set(one.prefix, one)
    },
    revoke: async (all: readonly Restriction[]) => all.forEach(one => held.delete(one.prefix)),
  }
  const parts = {
    cases: { inForce: () => [] },
    leases: memoryLeases(leases),
    subscribers: memorySubscribers(
      leases.map(({ subscriber: id }) => ({
        id,
        plan: 'expert' as const,
        flags: [],
        language: 'en' as const,
        contacts: [],
        logins: [],
      })),
    ),
    drivers: [driver],
    turns: new Map(),
    reporter: { note: () => undefined },
    now: () => 0,
    trouble: (error: unknown) => assert.fail(String(error)),
  }
  const answer = async () => {
    for (const one of answers.splice(0)) one()
    await quiet()
  }
  return { parts, said, answer, held }
}

test('while a comparison of everything waits for one access server, an order for another goes at once', async () => {
  const { parts, said, answer, held } = scene(3)
  const whole = reconcile(parts)
  await quiet()
  assert.deepEqual([...said].sort(), ['mute0 mute1', 'well'])
  held.delete('192.0.2.4/32')
  await reconcile(parts, 'well')
  assert.equal(said.at(-1), 'well')
  await answer()
  await whole
  await answer()
  assert.deepEqual(said.slice(3), ['mute2'])
})

test('an order for the same access server waits for a few that are tried again, and not for all of them', async () => {
  const { parts, said, answer } = scene(6)
  void reconcile(parts)
  await quiet()
  const order = reconcile(parts, 'mute5')
  await quiet()
  assert.deepEqual([...said].sort(), ['mute0 mute1', 'mute5', 'well'])
  await answer()
  await order
  await answer()
  // It is done, and not tried once more with the rest.
  assert.deepEqual(said.slice(3), ['mute2 mute3', 'mute4'])
})

test('a comparison that comes while one goes on begins no second one beside it, and is made after it', async () => {
  const { parts, said, answer, held } = scene(3)
  void reconcile(parts)
  await quiet()
  void reconcile(parts)
  await quiet()
  assert.equal(said.length, 2)
  held.delete('192.0.2.4/32')
  for (let i = 0; i < 5; i++) await answer()
  assert.equal(held.size, 4)
  assert.deepEqual([...said].sort(), ['mute0 mute1', 'mute2', 'well', 'well'])
})

test('what an order is at is not told a second time by a comparison of everything', async () => {
  const { parts, said, answer } = scene(2)
  const order = reconcile(parts, 'mute0')
  await quiet()
  const whole = reconcile(parts)
  await quiet()
  assert.deepEqual([...said].sort(), ['mute0', 'mute1', 'well'])
  await answer()
  await Promise.all([order, whole])
})
