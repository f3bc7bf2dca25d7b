import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import type { Turn } from '../ports/credentials.ts'
import { BESIDE_A_GREETING, commandTurns, IN_ONE_TURN, OF_ALL } from './command-turns.ts'

/** Commands without end, until it is told to stop; counts them. */
function pipelining(turns: ReturnType<typeof commandTurns>, turn: Turn) {
  const seen = { done: 0, isOver: false }
  const after = turns.of(() => turn)
  void (async () => {
    while (!seen.isOver) {
      seen.done++
      await after()
    }
  })()
  return seen
}

test('a few clients that pipeline wait only for the loop', async () => {
  const turns = commandTurns()
  const after = turns.of(() => ({ lane: 'rest', from: 'a' }))
  for (let i = 1; i < IN_ONE_TURN; i++) assert.equal(after(), undefined)
  assert.notEqual(after(), undefined)
  await nextTurn()
})

test('a thousand connections of one source keep another source, and a customer, waiting for no more than a round', async t => {
  const turns = commandTurns()
  let other: ReturnType<typeof pipelining> | undefined
  let customer: ReturnType<typeof pipelining> | undefined
  const crowd = Array.from({ length: 1000 }, () =>
    pipelining(turns, { lane: 'rest', from: 'crowd' }),
  )
  t.after(() => {
    for (const one of [...crowd, other, customer]) if (one) one.isOver = true
  })
  const total = () => crowd.reduce((sum, { done }) => sum + done, 0)
  await nextTurn()
  assert.ok(total() <= 1000 + 2 * OF_ALL, `${total()} of the crowd in the first turn`)
  other = pipelining(turns, { lane: 'rest', from: 'other' })
  customer = pipelining(turns, { lane: 'first', from: 'anna' })
  const before = total()
  for (let i = 0; i < 10; i++) await nextTurn()
  const most = total() - before
  assert.ok(most <= 10 * 2 * OF_ALL, `${most} of the crowd in ten turns`)
  assert.ok(other.done > IN_ONE_TURN, `${other.done} of another source`)
  assert.ok(customer.done > 3 * IN_ONE_TURN, `${customer.done} of a customer`)
})

test('while clients are greeted, one a turn, the commands of a crowd have an eighth of each turn, and then all of it again', async t => {
  const turns = commandTurns()
  const crowd = Array.from({ length: 1000 }, () =>
    pipelining(turns, { lane: 'rest', from: 'crowd' }),
  )
  t.after(() => {
    for (const one of crowd) one.isOver = true
  })
  const total = () => crowd.reduce((sum, { done }) => sum + done, 0)
  const during = async (each: () => void) => {
    const before = total()
    for (let i = 0; i < 200; i++) {
      each()
      await nextTurn()
    }
    return (total() - before) / 200
  }
  await nextTurn()
  const greeting = await during(turns.greeted)
  assert.ok(greeting <= 2 * BESIDE_A_GREETING, `${greeting} commands beside each greeting`)
  assert.ok(greeting > 0)
  const quiet = await during(() => undefined)
  assert.ok(quiet > OF_ALL / 4, `${quiet} commands in a turn without one`)
})
