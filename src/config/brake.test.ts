import assert from 'node:assert/strict'
import { test } from 'node:test'
import { footprintOf, goneCustomers, losesEverything, lossesOf } from './brake.ts'
import { checkConfig } from './load.ts'

const config = (given: {
  domains?: string[]
  ports?: number[]
  customers?: number
  milter?: true
}) =>
  checkConfig({
    domains: given.domains ?? [],
    listeners: (given.ports ?? []).map(port => ({ kind: 'submission', port })),
    subscribers: Array.from({ length: given.customers ?? 0 }, (_, i) => ({ id: String(i) })),
    ...(given.milter ? { milter: {} } : {}),
  })
type Given = Parameters<typeof config>[0]
const losses = (before: Given, after: Given) => {
  const [old, now] = [config(before), config(after)]
  return lossesOf(footprintOf(old), footprintOf(now), goneCustomers(old, now))
}

test('a domain or a way in that is gone is named; more of them is no loss', () => {
  assert.deepEqual(
    losses(
      { domains: ['a.example', 'B.example'], ports: [0, 0, 587], milter: true },
      { domains: ['b.example', 'c.example'], ports: [0, 465] },
    ),
    [
      'the domain a.example is gone',
      'the submission listener on port 0 is gone',
      'the submission listener on port 587 is gone',
      'the milter is gone',
    ],
  )
  assert.deepEqual(losses({ ports: [587] }, { ports: [465, 587], domains: ['a.example'] }), [])
})

test('twenty customers may go in a small house, one in a hundred in a large one', () => {
  assert.deepEqual(losses({ customers: 100 }, { customers: 80 }), [])
  assert.deepEqual(losses({ customers: 100 }, { customers: 79 }), [
    '21 of 100 customers are gone (more than 20 at once)',
  ])
  assert.deepEqual(losses({ customers: 5000 }, { customers: 4950 }), [])
  assert.equal(losses({ customers: 5000 }, { customers: 4949 }).length, 1)
})

test('customers who are replaced by as many others are gone all the same', () => {
  const before = checkConfig({
    subscribers: Array.from({ length: 30 }, (_, i) => ({ id: `a${i}` })),
  })
  const after = checkConfig({
    subscribers: Array.from({ length: 30 }, (_, i) => ({ id: `b${i}` })),
  })
  assert.equal(goneCustomers(before, after), 30)
})

test('none of the domains is left, or some', () => {
  const [two, one, other] = [['a.example', 'b.example'], ['b.example'], ['c.example']].map(
    domains => footprintOf(config({ domains })),
  )
  assert.ok(two && one && other)
  assert.equal(losesEverything(two, one), false)
  assert.equal(losesEverything(two, other), true)
  assert.equal(losesEverything(footprintOf(config({})), two), false)
})
