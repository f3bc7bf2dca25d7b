import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type StepsLeftOut, stepBudget } from './step-budget.ts'

const START = 1_000_000

function budget() {
  const told: [StepsLeftOut, number][] = []
  const take = stepBudget((left, at) => told.push([left, at]))
  const kept = (at: number, count: number, address = '198.51.100.98', refused = false) =>
    Array.from({ length: count }, () => take({ at, address, login: undefined, refused })).filter(
      Boolean,
    ).length
  return { told, kept }
}

test('all of an ordinary second, a thousand of a flood, and what was left out is told', () => {
  const { told, kept } = budget()
  assert.equal(kept(START, 900), 900)
  assert.equal(kept(START + 999, 5000), 120)
  assert.deepEqual(told, [])
  assert.equal(kept(START + 1000, 10), 10)
  const left = { left: 4880, address: '198.51.100.98', ofMost: 4880 }
  assert.deepEqual(told, [[left, START + 1000]])
})

test('a flood takes nothing from others: what is left out is its own', () => {
  const { told, kept } = budget()
  for (let second = 0; second < 5; second++) {
    const at = START + second * 1000
    kept(at, 12_000)
    for (const person of ['anna', 'bert', 'carla']) {
      assert.equal(kept(at + 500, 8, person, true), 8)
      assert.equal(kept(at + 500, 8, person), 8)
    }
    kept(at + 600, 12_000)
  }
  assert.equal(kept(START + 5000, 1), 1)
  // The first time after a second, and then once a minute.
  assert.equal(told.length, 1)
  assert.equal(kept(START + 61_000, 1), 1)
  const [, later] = told
  assert.ok(Math.abs((later?.[0].left ?? 0) - (later?.[0].ofMost ?? 0)) <= 8)
  assert.equal(later?.[0].address, '198.51.100.98')
})

test('refusals of others are kept when thousands of addresses flood; and there is an end', () => {
  const { kept } = budget()
  let flooded = 0
  for (let i = 0; i < 4000; i++) flooded += kept(START, 5, `192.0.2.${i}`)
  assert.equal(flooded, 1250)
  assert.equal(kept(START, 8, 'anna', true), 8)
  assert.equal(kept(START, 8, 'anna'), 0)
  for (let i = 0; i < 4000; i++) flooded += kept(START, 5, `2001:db8::${i}`, true)
  assert.ok(flooded <= 1750)
})
