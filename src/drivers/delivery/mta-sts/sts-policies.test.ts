import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import type { StsPolicy } from '../../../mail/mta-sts-policy.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../model/duration.ts'
import type { FetchedPolicy } from './policy-fetch.ts'
import { type KeptPolicy, stsPolicies } from './sts-policies.ts'

const FAR = 'far.example'
const WEEK = 7 * DAY
const policy = (mode: StsPolicy['mode'], maxAge = WEEK / SECOND): StsPolicy => ({
  mode,
  mx: [`mail.${FAR}`],
  maxAge,
})

/** A domain that a test changes, and the time. */
function world() {
  const state = {
    at: Date.UTC(2026, 0, 1),
    texts: ['v=STSv1; id=1'] as readonly string[] | 'silent',
    page: { policy: policy('enforce') } as FetchedPolicy,
    fetched: 0,
    fails: false,
    troubles: 0,
  }
  const records = memoryRecords<KeptPolicy>()
  const policies = stsPolicies({
    records: {
      ...records,
      change: (id, make) =>
        state.fails ? Promise.reject(new Error('the disk is full')) : records.change(id, make),
    },
    resolver: {
      texts: async name =>
        state.texts === 'silent' || name !== `_mta-sts.${FAR}`
          ? { failed: 'timeout' }
          : { value: state.texts },
    },
    fetch: async () => {
      state.fetched++
      return state.page
    },
    now: () => state.at,
    trouble: () => void state.troubles++,
  })
  return {
    state,
    records,
    of: () => policies.of(FAR),
    refresh: () => policies.refresh(state.at, AbortSignal.timeout(10_000)),
  }
}

test('a policy is fetched once, and again when the record has another id', async () => {
  const { state, of } = world()
  const both = await Promise.all([of(), of()])
  assert.deepEqual(both, [policy('enforce'), policy('enforce')])
  assert.deepEqual(await of(), policy('enforce'))
  assert.equal(state.fetched, 1)
  state.texts = ['v=STSv1; id=2']
  state.page = { policy: policy('none') }
  assert.deepEqual(await of(), policy('none'))
  assert.equal(state.fetched, 2)
})

test('what was promised stays until its end, whether or not the record, the DNS or the page is there', async () => {
  const { state, of } = world()
  await of()
  for (const texts of [
    [],
    'silent',
    ['v=STSv1; id=1', 'v=STSv1; id=2'],
    ['v=STSv1; id=3'],
  ] as const) {
    state.texts = texts
    state.page = { wrong: 'gone' }
    assert.deepEqual(await of(), policy('enforce'))
  }
  state.at += WEEK
  assert.equal(await of(), undefined)
})

test('a page that cannot be had is asked for again after five minutes, not before', async () => {
  const { state, of } = world()
  state.page = { wrong: 'no such page' }
  for (let i = 0; i < 3; i++) assert.equal(await of(), undefined)
  assert.equal(state.fetched, 1)
  state.at += 5 * MINUTE
  state.page = { policy: policy('enforce') }
  assert.deepEqual(await of(), policy('enforce'))
})

test('it is fetched again before it ends, though no mail is sent meanwhile, and forgotten after it', async () => {
  const { state, records, of, refresh } = world()
  await of()
  state.texts = 'silent'
  state.at += WEEK / 2
  await refresh()
  assert.equal(state.fetched, 2)
  state.at += WEEK - HOUR
  assert.deepEqual(await of(), policy('enforce'))
  state.page = { wrong: 'gone' }
  await refresh()
  assert.deepEqual(await of(), policy('enforce'), 'a refresh that fails takes nothing away')
  state.at += HOUR
  await refresh()
  assert.deepEqual([...records.all()], [])
})

test('a domain without mail for two months is left alone', async () => {
  const { state, of, refresh } = world()
  state.page = { policy: policy('enforce', 365 * 86_400) }
  await of()
  state.at += 61 * DAY
  await refresh()
  assert.equal(state.fetched, 1)
  // Since it is used again.
  await of()
  state.at += 122 * DAY
  await of()
  await refresh()
  assert.equal(state.fetched, 2)
})

test('on a full disk a policy is followed all the same', async () => {
  const { state, of } = world()
  state.fails = true
  assert.deepEqual(await of(), policy('enforce'))
  assert.equal(state.troubles, 1)
})

test('what was learned while the clock was ahead keeps neither a new try nor an end away', async () => {
  const { state, of, refresh, records } = world()
  const now = state.at
  state.at = now + 365 * DAY
  state.page = { wrong: 'no such page' }
  assert.equal(await of(), undefined)
  state.at = now
  state.page = { policy: policy('enforce', DAY / SECOND) }
  assert.deepEqual(await of(), policy('enforce', DAY / SECOND))
  state.at = now + 365 * DAY
  state.texts = ['v=STSv1; id=9']
  await of()
  state.at = now
  state.texts = []
  state.page = { wrong: 'gone' }
  await refresh()
  state.at = now + 2 * DAY
  await refresh()
  assert.deepEqual([...records.all()], [])
})
