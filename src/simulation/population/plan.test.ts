// The home of each resident is asked for every message: it is known, not looked for.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePlan, residentOf } from './plan.ts'

test('a resident is found without looking at the others', () => {
  const plan = makePlan(1, 60, 360)
  let looks = 0
  const residents = new Proxy(plan.residents, {
    get: (all, key, self) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++
      return Reflect.get(all, key, self) as unknown
    },
  })
  const counted = { ...plan, residents }
  // The first question may read them all, once.
  assert.ok(residentOf(counted, plan.residents[0]?.id ?? ''))
  const before = looks
  for (const { id } of plan.residents) assert.equal(residentOf(counted, id).id, id)
  assert.equal(looks - before, plan.residents.length)
})
