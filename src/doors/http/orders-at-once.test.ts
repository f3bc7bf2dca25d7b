// What a customer is told when all of it is to be sent or deleted, and some of it is done already, waits for its turn, or cannot be done.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SENTENCES } from '../../languages/languages.ts'
import type { GivenOrder, OrderOutcome } from '../../model/order.ts'
import type { QueueFilter } from '../../ports/spool.ts'
import { type AtOnceParts, type AtOnceSession, ordersAtOnce } from './orders-at-once.ts'

const actor = {
  kind: 'owner',
  subscriber: 'anna',
  from: { realm: 'internet', address: '192.0.2.1', port: 1 },
} as const
const words = SENTENCES.en.portal.outcome

/** Messages that wait, each with its state; `paces`: what is released waits for its turn. */
function spool(names: readonly string[], how: { paces?: boolean; fails?: readonly string[] } = {}) {
  const states = new Map<string, 'held' | 'paced'>(names.map(name => [name, 'held']))
  const ordered: string[] = []
  const session: AtOnceSession = {}
  const parts = {
    now: () => 0,
    reading: {
      queue: async ({ message = '', subscriber, state }: QueueFilter) => ({
        rows: subscriber === 'anna' && states.get(message) === state ? [{ message }] : [],
      }),
    },
    command: async ({ order }: GivenOrder): Promise<OrderOutcome> => {
      const message = String(order['message'])
      await new Promise(resolve => setImmediate(resolve))
      ordered.push(message)
      if (how.fails?.includes(message) || !states.has(message)) return { done: false, text: 'no' }
      if (how.paces && order.kind === 'release-message') {
        states.set(message, 'paced')
        return { done: true, text: 'waits', waits: true }
      }
      states.delete(message)
      return { done: true, text: 'done' }
    },
  } as unknown as AtOnceParts
  const all = (order: string, messages: readonly string[] = names) =>
    ordersAtOnce(parts, session, { order, messages, actor, words })
  return { all, session, ordered, states }
}

const shown = (session: AtOnceSession) => {
  const { said } = session
  delete session.said
  return said
}

const NAMES = Array.from({ length: 200 }, (_, n) => `M${n}`)

test('a button that is pressed twice orders once, and both are told the same', async () => {
  const { all, session, ordered } = spool(NAMES)
  await Promise.all([all('release-message'), all('release-message')])
  assert.equal(shown(session), '200 messages are on the way.')
  assert.equal(ordered.length, 200)
  // From a page that is old.
  await all('release-message')
  assert.equal(shown(session), '200 messages had been sent or deleted before.')
  assert.equal(ordered.length, 200)
})

test('what is sent in one window and deleted in another is done once, by the first', async () => {
  const { all, session, ordered } = spool(NAMES)
  await Promise.all([all('release-message'), all('purge-message')])
  assert.equal(ordered.length, 200)
  assert.equal(shown(session), '200 messages had been sent or deleted before.')
})

test('what waits for its turn now is said to, and is not called sent', async () => {
  const { all, session, ordered } = spool(NAMES, { paces: true })
  await all('release-message')
  assert.equal(
    shown(session),
    '200 messages wait for their turn now, and will be sent by themselves.',
  )
  await all('release-message')
  assert.match(shown(session) ?? '', /^200 messages wait for their turn now/)
  assert.equal(ordered.length, 200)
  await all('purge-message')
  assert.equal(shown(session), '200 messages are deleted.')
})

test('what still waits did not work, and keeps none of the others', async () => {
  const { all, session } = spool(['M1', 'M2', 'M3'], { fails: ['M2'] })
  await all('release-message')
  assert.match(
    shown(session) ?? '',
    /^2 messages are on the way\. With one it did not work: see below/,
  )
})

test('names that were made up are ordered nothing of, and more than a page has are refused', async () => {
  const { all, session, ordered } = spool(['M1'])
  await all('purge-message', ['M1', 'X1', '../X', 'x'.repeat(300)])
  assert.deepEqual(ordered, ['M1'])
  assert.equal(
    shown(session),
    'One message is deleted. 3 messages had been sent or deleted before.',
  )
  assert.equal(await all('purge-message', NAMES), true)
  const many = Array.from({ length: 401 }, (_, n) => `Y${n}`)
  assert.equal(await all('purge-message', many), false)
  assert.equal(await all('release', ['M1']), false)
  assert.deepEqual(ordered, ['M1'])
})
