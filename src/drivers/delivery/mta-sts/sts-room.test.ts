import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import { MINUTE } from '../../../model/duration.ts'
import type { FetchedPolicy } from './policy-fetch.ts'
import { type KeptPolicy, stsPolicies } from './sts-policies.ts'

const YEAR = 31_557_600

/** Every domain has a policy; `mx`: what it names. */
function world(mx: readonly string[] = ['mail.example']) {
  const page: { is: FetchedPolicy } = { is: { policy: { mode: 'enforce', mx, maxAge: YEAR } } }
  const said: string[] = []
  const state = { at: Date.UTC(2026, 0, 1) }
  const records = memoryRecords<KeptPolicy>()
  const policies = stsPolicies({
    records,
    resolver: { texts: async () => ({ value: ['v=STSv1; id=1'] }) },
    fetch: async () => page.is,
    now: () => state.at++,
    trouble: error => void said.push(String(error)),
  })
  return { page, said, state, records, policies }
}

test('a stranger with names without end throws out policies of its own, and no other’s; that is told', async () => {
  for (const mx of [['m'], Array.from({ length: 100 }, () => 'x'.repeat(250))]) {
    const { said, records, policies } = world(mx)
    await policies.of('victim.example')
    await policies.of('evil.example.net')
    for (let i = 0; i < 700; i++) await policies.of(`n${i}.evil.example`)
    const ids = [...records.all()].map(one => one.id)
    assert.ok(ids.includes('victim.example') && ids.includes('evil.example.net'))
    assert.ok(ids.length <= 202, `${ids.length}`)
    assert.match(said[0] ?? '', /no room: \d+ of names below evil\.example are forgotten$/)
  }
})

test('many strangers with some names each leave a domain with one policy its own', async () => {
  const { records, policies } = world()
  await policies.of('victim.example')
  for (const [id, one] of [...records.all()].map(each => [each.id, each] as const)) {
    assert.equal(id, 'victim.example')
    for (let i = 0; i < 9_999; i++)
      await records.change(`n${i % 10}.evil${Math.floor(i / 10)}.example`, () => ({
        ...one,
        id: `n${i % 10}.evil${Math.floor(i / 10)}.example`,
        at: one.at + i + 1,
      }))
  }
  await policies.of('last.example')
  assert.ok(records.get('victim.example') && records.get('last.example'))
  assert.ok([...records.all()].length < 10_000)
})

test('a policy that cannot be had is told once, and of a stranger’s names five times', async () => {
  const { page, said, state, policies } = world()
  page.is = { wrong: 'the policy of mta-sts.far.example: more than 100 mx' }
  await policies.of('far.example')
  state.at += 10 * MINUTE
  await policies.of('far.example')
  assert.deepEqual(said, [
    'Error: the policy of far.example cannot be had: the policy of mta-sts.far.example: more than 100 mx',
  ])
  for (let i = 0; i < 50; i++) await policies.of(`n${i}.evil.example`)
  assert.equal(said.length, 6)
})
