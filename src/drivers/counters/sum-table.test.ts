import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sumKey } from './hash.ts'
import { SumTable } from './sum-table.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const AT = Date.UTC(2026, 0, 5)

test('a table of rows agrees with a list of everything that was ever added', () => {
  const windows = [HOUR, 24 * HOUR, 7 * 24 * HOUR]
  const addition = fc.record({
    whom: fc.integer({ min: 0, max: 400 }),
    what: fc.integer({ min: 0, max: 9 }),
    after: fc.integer({ min: 0, max: 20 * 60 * SECOND }),
    amount: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(70_000), fc.constant(0.5)),
  })
  fc.assert(
    fc.property(fc.array(addition, { minLength: 200, maxLength: 400 }), additions => {
      const table = new SumTable()
      const all: { name: string; window: number; slot: number; amount: number }[] = []
      let at = AT
      for (const { whom, what, after, amount } of additions) {
        at += after
        const name = `k${whom}#w${what}`
        const window = windows[what % 3] as number
        const sum = table.add(sumKey(name), at, window, amount)
        assert.equal(sum, table.read(sumKey(name), at, window), 'what adding returns')
        all.push({ name, window, slot: Math.floor(at / (window / 12)), amount })
        if (what === 9) table.sweep(at)
      }
      const copy = new SumTable()
      for (const key of new Set(all.map(one => sumKey(one.name).key)))
        copy.unpack(key, packed(table, key))
      for (const { name, window } of all) {
        const now = Math.floor(at / (window / 12))
        const expected = all
          .filter(one => one.name === name && one.slot > now - 12)
          .reduce((sum, one) => sum + one.amount, 0)
        assert.equal(table.read(sumKey(name), at, window), expected, name)
        assert.equal(copy.read(sumKey(name), at, window), expected, `${name}, read back`)
      }
    }),
    { numRuns: 50 },
  )
})

test('one subject has as many counters as it needs, and its rows go when they have passed', () => {
  const table = new SumTable()
  for (let i = 0; i < 9; i++) table.add(sumKey(`k#w${i}`), AT, i < 7 ? HOUR : 48 * HOUR, i + 1)
  assert.equal(table.rows, 3)
  assert.equal(table.read(sumKey('k#w6'), AT, HOUR), 7)
  assert.deepEqual(table.sweep(AT + 3 * HOUR).length > 0, true)
  assert.equal(table.read(sumKey('k#w6'), AT + 3 * HOUR, HOUR), 0)
  assert.equal(table.read(sumKey('k#w8'), AT + 3 * HOUR, 48 * HOUR), 9)
  assert.equal(packed(table, sumKey('k#w0').key).length, 2 * 15)
})

test('more different windows than a tag can tell are counted all the same', () => {
  const table = new SumTable()
  for (let i = 1; i <= 300; i++) table.add(sumKey('k#w'), AT, i * HOUR, i)
  for (let i = 1; i <= 300; i++) assert.equal(table.read(sumKey('k#w'), AT, i * HOUR), i)
})

test('the counters that ship do not meet by name', () => {
  const names = ['limit-recipients', 'limit-day', 'limit-messages', 'limit-first', 'held']
  const more = [
    'usual-3',
    'usual-10',
    'usual-28',
    ...Array.from({ length: 1000 }, (_, i) => `hour-${i}`),
  ]
  const keys = [...names, ...more].map(name => sumKey(`k#${name}`).name)
  assert.equal(new Set(keys).size, keys.length)
})

function packed(table: SumTable, key: number): number[] {
  const numbers: number[] = []
  table.pack(key, number => void numbers.push(number))
  return numbers
}
