// The evidence by episodes: what each threshold and each rule is for, and that nothing goes out of bounds, whatever is observed.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { DAY, HOUR, MINUTE } from '../../../model/duration.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import {
  draftOf,
  EPISODE_KINDS,
  type EpisodeKind,
  type Network,
  newRecord,
  type SubjectRecord,
} from './state.ts'
import { type Observation, step } from './step.ts'
import { ALLOWANCES, MOST_SUM, MOST_TRIALS, MOST_Z } from './tables.ts'

const T0 = Date.UTC(2026, 0, 5)
const spam: Observation = { kind: 'message', recipients: 1, firstTimers: 1, judged: 'spam' }
const ham: Observation = { kind: 'message', recipients: 1, firstTimers: 0, judged: 'clean' }
const unseen: Observation = { kind: 'message', recipients: 1, firstTimers: 1, judged: 'unseen' }
const gone: Observation = { kind: 'answer', toFirstTimer: true, said: 'no-such-user' }

/** Of so many, one every `gap`. */
function after(
  record: SubjectRecord,
  observation: Observation,
  { times, gap = MINUTE, from = T0 }: { times: number; gap?: number; from?: number },
) {
  let stepped = step(record, [observation], from)
  for (let i = 1; i < times; i++) stepped = step(stepped.state, [observation], from + i * gap)
  return stepped
}

/** A record with a sum and kinds, as if the mixture had said so. */
function withSum(kind: SubjectRecord['kind'], sum: number, kinds: readonly EpisodeKind[]) {
  const record = draftOf(newRecord(kind, T0, ALLOWANCES.person))
  record.numbers.sum = sum
  for (const one of kinds) record.kinds[EPISODE_KINDS.indexOf(one)] = 3
  return record
}

const decided = (record: SubjectRecord, at = T0) => step(record, [], at).decision

test('a bot is held within minutes and isolated by its next episodes, ordinary mail is nothing', () => {
  const first = after(newRecord('line', T0, ALLOWANCES.person), spam, { times: 40 })
  assert.equal(first.decision, 'hold')
  assert.ok(first.kinds.includes('content') && first.kinds.includes('recipients'))
  const second = after(first.state, spam, { times: 40, from: T0 + 25 * HOUR })
  const third = after(second.state, spam, { times: 40, from: T0 + 50 * HOUR })
  assert.equal(third.decision, 'isolate')
  const ordinary = after(newRecord('line', T0, ALLOWANCES.person), ham, { times: 200, gap: HOUR })
  assert.equal(ordinary.sum, 0)
  assert.equal(ordinary.decision, 'pace')
})

test('an episode saturates: what is said again adds nothing', () => {
  const clean: Observation = { ...spam, judged: 'clean' }
  const at400 = after(newRecord('line', T0, ALLOWANCES.person), clean, { times: 400, gap: 1 })
  const at4000 = after(at400.state, clean, { times: 3600, gap: 1, from: T0 + HOUR })
  assert.ok(at4000.sum < at400.sum + 2.5, `${at400.sum} ${at4000.sum}`)
  const one = step(newRecord('line', T0, ALLOWANCES.person), [spam], T0)
  // The same without the sizes, which alone go on: each of 40 adds less than the one before.
  let [state, added] = [one.state, one.sum]
  for (let i = 1; i < 40; i++) {
    const next = step(state, [spam], T0 + i)
    const adds = next.sum - state.numbers.sum
    assert.ok(adds <= added, `${i}: ${adds} ${added}`)
    ;[state, added] = [next.state, adds]
  }
})

test('recipients, volume and unknown users alone only pace, day after day', () => {
  let state = newRecord('line', T0, ALLOWANCES.person)
  const decisions = new Set<string>()
  const kinds = new Set<string>()
  for (let episode = 0; episode < 30; episode++)
    for (let i = 0; i < 100; i++) {
      const at = T0 + episode * DAY + i * MINUTE
      const stepped = step(state, i % 3 ? [unseen] : [unseen, gone], at)
      state = stepped.state
      decisions.add(stepped.decision)
      for (const kind of stepped.kinds) kinds.add(kind)
    }
  assert.ok(!kinds.has('content') && kinds.has('recipients'))
  assert.ok(
    [...decisions].every(one => one === 'pace' || one === 'hold'),
    `${[...decisions]}`,
  )
})

test('thresholds: a line, a login, one that roams, a source, and a hold', () => {
  const two: EpisodeKind[] = ['content', 'recipients']
  assert.equal(decided(withSum('line', 18, two)), 'isolate')
  assert.equal(decided(withSum('line', 17.99, two)), 'hold')
  assert.equal(decided(withSum('login', 13, two)), 'stop-login')
  assert.equal(decided(withSum('login', 12.99, two)), 'hold')
  const roams = withSum('login', 15.99, two)
  roams.numbers.roamingPrior = 0.21
  assert.equal(decided(roams), 'hold')
  roams.numbers.sum = 16
  assert.equal(decided(roams), 'stop-login')
  assert.equal(decided(withSum('source', 13, two)), 'refuse-source')
  assert.equal(decided(withSum('source', 12.99, two)), 'hold')
  assert.equal(decided(withSum('line', 9, two)), 'hold')
  assert.equal(decided(withSum('line', 8.99, two)), 'pace')
})

test('two kinds, one of which proves; or one that proves and six nats more', () => {
  for (const alone of ['content', 'refusals', 'network', 'reports', 'campaign'] as const) {
    assert.equal(decided(withSum('line', 23.99, [alone])), 'hold', alone)
    assert.equal(decided(withSum('line', 24, [alone])), 'isolate', alone)
  }
  for (const never of ['recipients', 'results', 'client', 'authentication'] as const)
    assert.equal(decided(withSum('line', MOST_SUM, [never, 'recipients'])), 'hold', never)
  assert.equal(decided(withSum('login', 13, ['authentication', 'recipients'])), 'stop-login')
  assert.equal(decided(withSum('login', 18.99, ['authentication'])), 'hold')
  assert.equal(decided(withSum('login', 19, ['authentication'])), 'stop-login')
})

test('a hold, and the refusal of a source, last until suspicion is below six', () => {
  const held = step(withSum('source', 13, ['content', 'recipients']), [], T0).state
  const later = (nats: number) => T0 + (nats / 0.7) * DAY
  assert.equal(decided(held, later(6.9)), 'refuse-source')
  assert.equal(decided(held, later(7.1)), 'pace')
  const line = step(withSum('line', 9, ['content']), [], T0).state
  assert.equal(decided(line, later(2.9)), 'hold')
  assert.equal(decided(line, later(3.1)), 'pace')
})

test('the sum forgets .7 a day, kinds go with it, and a clock set back takes nothing', () => {
  const { state } = step(withSum('line', 10, ['content']), [], T0)
  assert.ok(Math.abs(step(state, [], T0 + 10 * DAY).sum - 3) < 1e-9)
  assert.deepEqual(step(state, [], T0 + 15 * DAY).kinds, [])
  assert.equal(step(state, [], T0 - DAY).sum, 10)
  assert.equal(step(state, [], Number.NaN).sum, 10)
  assert.equal(step(state, [], T0 - DAY).state.numbers.at, T0)
})

test('a login is refused from one network by two spams from there and a sum of ten', () => {
  const from = (network: number): Observation => ({ ...spam, network })
  const refusedFrom = (sum: number, times: number) =>
    step(withSum('login', sum, ['recipients']), Array(times).fill(from(7)), T0)
      .state.networks.filter(one => one.refused)
      .map(({ hash }) => hash)
  assert.deepEqual(refusedFrom(10, 2), [7])
  assert.deepEqual(refusedFrom(10, 1), [])
  // Of an honest mailing a sixth may be judged spam.
  const clean: Observation = { kind: 'message', recipients: 1, firstTimers: 0, judged: 'clean' }
  const among = (cleans: number) =>
    step(
      withSum('login', 10, ['recipients']),
      Array.from({ length: cleans }, () => clean),
      T0,
    ).state
  const refusedAmong = (cleans: number) =>
    step(among(cleans), [from(7), from(7)], T0).state.networks.some(one => one.refused)
  assert.deepEqual([refusedAmong(6), refusedAmong(7)], [true, false])
  const below = withSum('login', 9.99, ['recipients'])
  below.networks = [
    { ...(step(below, [from(7), from(7)], T0).state.networks[0] as Network), refused: false },
  ]
  assert.deepEqual(step(below, [], T0).state.networks[0]?.refused, false)
  below.numbers.sum = 10
  assert.deepEqual(step(below, [], T0).state.networks[0]?.refused, true)
  const refused = step(withSum('login', 10, ['recipients']), [from(7), from(7)], T0).state
  assert.equal(decided({ ...refused, kinds: new Float32Array(9) }), 'refuse-network')
  assert.equal(decided(refused, T0 + 40 * DAY), 'pace')
  // From abroad travellers send mailings, too.
  below.numbers.roamingPrior = 0.21
  below.numbers.sum = 12.9
  assert.deepEqual(step(below, [], T0).state.networks[0]?.refused, false)
  below.numbers.sum = 13
  assert.deepEqual(step(below, [], T0).state.networks[0]?.refused, true)
})

test('a network is known after three days of proper answers, by none in one day, and not while suspected', () => {
  const seen = step(newRecord('login', T0, ALLOWANCES.person), [{ ...ham, network: 7 }], T0).state
  const proper: Observation = { kind: 'proper', network: 7 }
  const days = (record: SubjectRecord, times: number, gap: number) =>
    after(record, proper, { times, gap, from: T0 + 1 }).state
  const fresh = (record: SubjectRecord) =>
    step(record, [{ ...ham, network: 7 }], T0 + 3 * DAY).fresh
  assert.equal(fresh(days(seen, 3, DAY)), false)
  assert.equal(fresh(days(seen, 2, DAY)), true)
  assert.equal(fresh(days(seen, 300, 1000)), true)
  const suspected = draftOf(seen)
  suspected.numbers.sum = 8
  assert.equal(fresh(days(suspected, 3, DAY)), true)
})

test('many new networks in a day are strange hands, and a login that always roams is none', () => {
  let thief = newRecord('login', T0, ALLOWANCES.person)
  for (let i = 1; i <= 12; i++) thief = step(thief, [{ ...ham, network: i }], T0 + i * MINUTE).state
  assert.ok(thief.numbers.sum > 3, `${thief.numbers.sum}`)
  let roamer = newRecord('login', T0, ALLOWANCES.person)
  let most = 0
  for (let day = 0; day < 60; day++) {
    const from = day * 3 + 1
    for (let i = 0; i < 3; i++)
      roamer = step(roamer, [{ ...ham, network: from + i }], T0 + day * DAY + i * HOUR).state
    if (day > 30) most = Math.max(most, roamer.numbers.networkNats)
  }
  assert.ok(roamer.numbers.roamingNow > 0.2)
  assert.ok(most < 1.2, `${most}`)
})

test('six new networks every day, as through Tor, are the way of a login that was learned to roam', () => {
  let login = newRecord('login', T0, ALLOWANCES.person)
  let most = 0
  for (let day = 0; day < 120; day++) {
    for (let i = 0; i < 6; i++)
      login = step(login, [{ ...ham, network: 1 + day * 6 + i }], T0 + day * DAY + i * HOUR).state
    most = Math.max(most, login.numbers.sum)
  }
  assert.ok(most < 10, `${most}`)
  assert.ok(login.numbers.sum < 1, `${login.numbers.sum}`)
})

test('an announced mailing gives what was announced for a day, and says nothing of what came before', () => {
  const record = withSum('line', 9, ['content'])
  const said = step(record, [{ kind: 'announced', recipients: 400 }], T0)
  assert.equal(said.sum, 9)
  const { freeNew, freeSpam, freeUntil } = said.state.numbers
  assert.deepEqual([freeNew, freeSpam, freeUntil], [400, 200, T0 + DAY])
  const again = step(said.state, [{ kind: 'announced', recipients: 30 }], T0 + HOUR)
  assert.equal(again.state.numbers.freeNew, 400)
  const late = step(said.state, [{ kind: 'announced', recipients: 30 }], T0 + DAY)
  assert.equal(late.state.numbers.freeNew, 30)
  assert.equal(late.state.numbers.freeSpam, 15)
  const few = step(record, [{ kind: 'announced', recipients: 4 }], T0)
  assert.equal(few.state.numbers.freeSpam, 10)
  const much = step(record, [{ kind: 'announced', recipients: 1e9 }], T0)
  assert.equal(much.state.numbers.freeNew, 2000)
})

test('what staff open is for more people and longer, and no later word makes it less', () => {
  const record = withSum('line', 9, ['content'])
  const open = step(record, [{ kind: 'opened', recipients: 5000, lasts: 3 * DAY }], T0)
  const me = step(open.state, [{ kind: 'was-me' }], T0 + HOUR)
  const after = step(me.state, [{ kind: 'announced', recipients: 30, lasts: HOUR }], T0 + HOUR)
  for (const { state } of [open, me, after]) {
    const { freeNew, freeSpam, freeUntil } = state.numbers
    assert.deepEqual([freeNew, freeSpam, freeUntil], [5000, 2500, T0 + 3 * DAY])
  }
  const much = step(record, [{ kind: 'opened', recipients: 1e9, lasts: 1e15 }], T0)
  assert.equal(much.state.numbers.freeNew, 20_000)
  assert.equal(much.state.numbers.freeUntil, T0 + 7 * DAY)
})

test('what is usual is learned late, at most 25 times, and never while suspected', () => {
  const mailing: Observation = { ...unseen, judged: 'clean' }
  const weekly = (from: SubjectRecord) => {
    let state = from
    for (let week = 0; week < 30; week++)
      for (let i = 0; i < 30; i++)
        state = step(state, [mailing], T0 + week * 7 * DAY + i * MINUTE).state
    return state
  }
  const own = weekly(newRecord('line', T0, ALLOWANCES.person))
  assert.ok((own.prior[1] as number) > 0.05, `${own.prior[1]}`)
  assert.ok((own.prior[1] as number) <= 0.3 + 0.2 + 1e-6)
  const early = step(newRecord('line', T0, ALLOWANCES.person), [mailing], T0).state
  assert.deepEqual([...step(early, [mailing], T0 + 2 * DAY).state.learned], Array(8).fill(0))
  let suspected = newRecord('line', T0, ALLOWANCES.person)
  for (let day = 0; day < 30; day++) {
    suspected = draftOf(suspected)
    suspected.numbers.sum = 20
    for (let i = 0; i < 30; i++)
      suspected = step(suspected, [spam], T0 + day * DAY + i * MINUTE).state
  }
  assert.deepEqual([...suspected.learned], Array(8).fill(0))
})

test('the owner’s word halves the sum, a release takes all of it, and the episode adds nothing more', () => {
  const held = after(newRecord('line', T0, ALLOWANCES.person), spam, { times: 40 })
  const me = step(held.state, [{ kind: 'was-me' }], T0 + HOUR)
  assert.ok(me.sum < held.sum / 2 + 0.01 && me.sum > held.sum / 2 - 0.1)
  const free = step(held.state, [{ kind: 'released' }], T0 + HOUR)
  assert.equal(free.sum, 0)
  assert.deepEqual(free.kinds, [])
  assert.equal(step(free.state, [spam], T0 + HOUR + 1).sum, 0)
})

const observation = fc.oneof(
  fc.record({
    kind: fc.constant('message' as const),
    recipients: fc.oneof(fc.nat(200), fc.double()),
    firstTimers: fc.oneof(fc.nat(200), fc.double()),
    judged: fc.constantFrom('spam' as const, 'clean' as const, 'unseen' as const),
    network: fc.nat(60),
    regulars: fc.oneof(fc.nat(2000), fc.double()),
  }),
  fc.record({
    kind: fc.constant('answer' as const),
    toFirstTimer: fc.boolean(),
    said: fc.constantFrom('taken' as const, 'no-such-user' as const, 'refused-as-spam' as const),
  }),
  fc.record({ kind: fc.constant('proper' as const), network: fc.nat(60) }),
  fc.record({
    kind: fc.constant('sign' as const),
    sign: fc.constantFrom('reports' as const, 'network' as const),
    nats: fc.double(),
  }),
  fc.constantFrom<Observation>({ kind: 'was-me' }, { kind: 'released' }),
)
/** Times go on, stand still, go back, and are none. */
const gap = fc.oneof(
  fc.nat(10 * MINUTE),
  fc.integer({ min: -3 * DAY, max: 60 * DAY }),
  fc.constantFrom(0, Number.NaN, -Infinity),
)
const story = fc.tuple(
  fc.constantFrom('line' as const, 'login' as const, 'source' as const),
  fc.array(fc.tuple(gap, fc.array(observation, { maxLength: 4 })), { maxLength: 60 }),
)

test('whatever comes, whenever: all numbers are in bounds, and the bytes are the record', () => {
  fc.assert(
    fc.property(story, ([kind, events]) => {
      let state = newRecord(kind, T0, ALLOWANCES.person)
      let at = T0
      for (const [wait, seen] of events) {
        at += Number.isFinite(wait) ? wait : 0
        const before = encodeRecord(state)
        const stepped = step(state, seen, Number.isFinite(wait) ? at : wait)
        assert.deepEqual(encodeRecord(state), before, 'a step changed what it was given')
        assert.ok(stepped.sum >= 0 && stepped.sum <= MOST_SUM && stepped.z >= 0)
        assert.ok(stepped.z <= MOST_Z && stepped.state.tried.every(n => n <= MOST_TRIALS))
        assert.ok(Math.abs(stepped.state.prior.reduce((a, b) => a + b, 0) - 1) < 1e-2)
        const bytes = encodeRecord(stepped.state)
        assert.deepEqual(decodeRecord(bytes), { record: stepped.state })
        state = stepped.state
      }
    }),
    { numRuns: 300 },
  )
})

test('observations of one instant may come in any order', () => {
  const shuffled = fc
    .array(observation, { minLength: 2, maxLength: 6 })
    .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(story, shuffled, ([kind, events], [one, other]) => {
      let state = newRecord(kind, T0, ALLOWANCES.person)
      events.forEach(([, seen], i) => (state = step(state, seen, T0 + i * HOUR).state))
      assert.deepEqual(step(state, one, T0 + 9 * DAY), step(state, other, T0 + 9 * DAY))
    }),
    { numRuns: 200 },
  )
})
