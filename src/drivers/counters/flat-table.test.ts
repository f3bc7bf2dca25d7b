// Against plain maps: whatever is added, dropped and grown, the same rows are found.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DistinctTable } from './distinct-table.ts'
import { FlatTable } from './flat-table.ts'
import { hash53 } from './hash.ts'
import { MemoryCounters } from './memory.ts'

test('rows are found, grown and dropped as in a map', () => {
  const action = fc.record({ key: fc.nat(3000), number: fc.nat(50), sweep: fc.nat(400) })
  fc.assert(
    fc.property(fc.array(action, { minLength: 2000, maxLength: 4000 }), actions => {
      const table = new FlatTable(2)
      const model = new Map<number, number>()
      for (const { key: small, number, sweep } of actions) {
        const key = hash53(`k${small}`)
        const { numbers, at } = table.findOrAdd(key)
        numbers[at + 1] = number
        numbers[at + 2] = -number
        model.set(key, number)
        if (sweep > 0) continue
        const gone = table.sweep(place => (place.numbers[place.at + 1] as number) < number)
        const expected = [...model].filter(([, one]) => one < number).map(([one]) => one)
        assert.deepEqual(new Set(gone), new Set(expected))
        for (const one of expected) model.delete(one)
      }
      assert.equal(table.rows, model.size)
      for (let i = 0; i < 3000; i++) {
        const key = hash53(`k${i}`)
        const place = table.find(key)
        assert.equal(place && place.numbers[place.at + 1], model.get(key))
        if (place) assert.equal(place.numbers[place.at + 2], -(model.get(key) ?? Number.NaN))
      }
    }),
    { numRuns: 20 },
  )
})

test('members are counted as in a map of maps, one or many, and after they were packed', () => {
  const sight = fc.record({ key: fc.nat(5), member: fc.nat(6), after: fc.nat(40) })
  fc.assert(
    fc.property(fc.array(sight, { maxLength: 200 }), sights => {
      const window = 100_000
      let table = new DistinctTable()
      const model = new Map<number, Map<number, number>>()
      let at = 1_700_000_000_000
      for (const [i, { key, member, after }] of sights.entries()) {
        at += after * 1000
        const fresh = [...(model.get(key) ?? [])].filter(([, seen]) => seen >= at - window)
        const { value, novel } = table.read(key, [member], at, window)
        assert.equal(value, fresh.length)
        assert.equal(novel, fresh.some(([one]) => one === member) ? 0 : 1)
        table.add(key, [member], at, { window })
        model.set(key, (model.get(key) ?? new Map()).set(member, at))
        if (i % 50 === 49) table = readBack(table)
        if (i % 30 === 29) table.sweep(at)
      }
    }),
  )
})

function readBack(table: DistinctTable): DistinctTable {
  const copy = new DistinctTable()
  for (let key = 0; key <= 5; key++) {
    const numbers: number[] = []
    table.pack(key, number => void numbers.push(number))
    if (numbers.length > 0) copy.unpack(key, numbers)
  }
  return copy
}

test('where there is room for more, so many are known, and those seen longest ago go first', () => {
  const [at, window] = [Date.UTC(2026, 0, 5), 86_400_000]
  const table = new MemoryCounters()
  const seen = (from: number, to: number) => {
    const members = Array.from({ length: to - from }, (_, i) => `m${from + i}`)
    return { op: 'distinct', key: 'k:thousands', members, window, room: 8192 } as const
  }
  const apply = (mode: 'take' | 'peek', after: number, from: number, to: number) => {
    const counted = table.apply({ at: at + after, mode, ops: [seen(from, to)] })
    return 'failed' in counted ? undefined : counted.readings[0]
  }
  for (let from = 0; from < 8192; from += 1024) apply('take', from, from, from + 1024)
  const novel = (from: number, to: number) => apply('peek', 9000, from, to)?.novel
  assert.equal(novel(0, 8192), 0)
  assert.deepEqual(apply('take', 9000, 9000, 9100), { value: 8192, novel: 100 })
  assert.equal(novel(1024, 8192), 0)
  assert.equal(novel(0, 1024), 100)
  assert.equal(novel(9000, 9100), 0)
})
