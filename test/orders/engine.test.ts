// The engine looks at every order itself, whatever way it came, before anything is done.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCommand } from '../../src/engine/orders/command.ts'
import type { OrderParts } from '../../src/engine/orders/order-parts.ts'
import { type Run, RUNS } from '../../src/engine/orders/orders.ts'
import { done } from '../../src/engine/orders/outcome.ts'
import type { NewEvent } from '../../src/model/event.ts'
import type { Actor, UncheckedOrder } from '../../src/model/order.ts'
import { CONTRACTS } from '../../src/orders/contract/orders.ts'
import { parseOrder } from '../../src/orders/parse-order.ts'
import type { Audited } from '../../src/ports/audit.ts'
import { badOrders, GOOD, OWNER } from '../support/orders.ts'

const STAFF: Actor = { kind: 'staff', name: 'eve' }
const AT = Date.UTC(2026, 5, 1)

/** An engine that can do nothing but write down what it was told: whoever carries an order out asks for more, and fails. */
function onlyWrites() {
  const saved: Audited[] = []
  const told: NewEvent[] = []
  const parts = {
    audit: {
      begin: async (given: Audited) => void saved.push(given),
      end: async () => undefined,
    },
    reporter: { note: (event: NewEvent) => void told.push(event) },
  } as unknown as OrderParts
  const command = createCommand(parts)
  const say = (order: unknown, actor: Actor) =>
    command({ order: order as UncheckedOrder, actor, at: AT })
  return { say, saved, told }
}

test('what may be ordered and what can be done are the same', () => {
  assert.deepEqual(Object.keys(RUNS).toSorted(), CONTRACTS.map(one => one.kind).toSorted())
  assert.equal(new Set(CONTRACTS.map(one => one.kind)).size, CONTRACTS.length)
})

test('an order that is none is refused with a sentence, and nothing is done', async () => {
  const { say, saved, told } = onlyWrites()
  let count = 0
  for (const { kind, fields, field } of badOrders()) {
    // What is no object has no fields that could be beside a kind.
    if (field === undefined) continue
    const actor = CONTRACTS.find(one => one.kind === kind)?.staffMay ? STAFF : OWNER
    const outcome = await say({ ...(fields as object), kind }, actor)
    const shown = JSON.stringify(fields).slice(0, 200)
    assert.equal(outcome.done, false, `${kind} ${shown}`)
    assert.ok(outcome.text.startsWith(field), `${kind} ${shown}: ${outcome.text}`)
    count++
  }
  assert.ok(count > 300)
  for (const hours of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.match((await say({ kind: 'impose', ...GOOD.impose, hours }, STAFF)).text, /^hours: /)
  for (const order of [null, 5, 'release', [], {}, { kind: 'banana' }, { kind: '__proto__' }])
    assert.match((await say(order, STAFF)).text, /^kind: /)
  assert.equal(saved.length, told.length)
  for (const { order } of saved) assert.deepEqual(Object.keys(order), ['kind'])
})

test('who may not give an order is told so, before anything is looked at', async () => {
  for (const { kind, ownerMay, staffMay } of CONTRACTS) {
    const { say } = onlyWrites()
    const order = { ...GOOD[kind], kind }
    if (!ownerMay) assert.match((await say(order, OWNER)).text, /^That is for our staff/)
    if (staffMay) continue
    assert.match((await say(order, STAFF)).text, /^Only a customer can do that/)
    assert.match((await say(order, { kind: 'chore', name: 'x' })).text, /^Only a customer/)
  }
})

test('no password and no code is written down; where an owner sat is', async () => {
  for (const [kind, secret] of [
    ['change-password', 'a good password'],
    ['confirm-factor', '123 456'],
    ['ask-opt-out', '123456'],
    ['confirm-opt-out', 'ABCD-EFGH'],
    ['renew-opt-out', '123456'],
  ] as const) {
    const saved: Audited[] = []
    const command = createCommand({
      audit: {
        begin: async (given: Audited) => void saved.push(given),
        end: async () => undefined,
      },
      reporter: { note: () => undefined },
      subscribers: { byLogin: () => undefined },
    } as unknown as OrderParts)
    await command({ order: { ...GOOD[kind], kind }, actor: OWNER, at: AT })
    const text = JSON.stringify(saved.map(({ order }) => order))
    assert.ok(!text.includes(secret), text)
    assert.ok(text.includes(OWNER.from.address), text)
  }
})

test('what was found good is the same order, and cannot become another on its way', () => {
  const parsed = parseOrder({ kind: 'impose', ...GOOD.impose })
  assert.ok('order' in parsed)
  assert.deepEqual(parseOrder(parsed.order), parsed)
  assert.throws(() => Object.assign(parsed.order, { hours: 'many' }), TypeError)
  assert.ok('problem' in parseOrder({ ...parsed.order, hours: 'many' }))
})

test('an order that owners may give, and that looks at nothing, does not compile', () => {
  const forgetful = async () => done('Released.')
  // @ts-expect-error: whose it is was not looked at.
  const release: Run<'release'> = forgetful
  // @ts-expect-error: the same of one that staff cannot give.
  const ask: Run<'ask-opt-out'> = forgetful
  const impose: Run<'impose'> = forgetful
  assert.deepEqual([release, ask, impose], [forgetful, forgetful, forgetful])
})
