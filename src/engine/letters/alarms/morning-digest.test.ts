import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import type { Alarm } from '../../../model/alarm.ts'
import type { Decision } from '../../../model/decision.ts'
import { DAY, HOUR, MINUTE } from '../../../model/duration.ts'
import type { Event } from '../../../model/event.ts'
import { type DigestRecord, morningDigest } from './morning-digest.ts'
import type { StandingCondition } from './watch-conditions.ts'

/** A quarter past eight in Berlin. */
const AT = Date.UTC(2026, 0, 5, 7, 15)
const base = { id: 'n.1', at: AT, seq: 1 }
const DECIDED: Event = {
  ...base,
  kind: 'decision-made',
  decision: 'd',
  incident: 'i',
  subject: 'line:anna',
  what: 'isolate',
  until: AT + DAY,
}
const OBSERVED: Event = {
  ...base,
  kind: 'judged',
  who: { realm: 'main', address: '203.0.113.7', sure: 'unknown' },
  listener: 'submission',
  stage: 'message',
  rule: 'attachments',
  reason: 'evidence',
  verdict: 'hold',
  observed: true,
}

const WOULD: Decision = {
  id: 'd',
  incident: 'i',
  subject: 'line:anna',
  kind: 'hold',
  at: AT,
  until: AT + DAY,
  by: 'evidence',
  byWindow: { refuses: [], wouldIsolate: true },
}

function digesting(digest = '07:00') {
  const raised: Alarm[] = []
  const records = memoryRecords<DigestRecord>()
  const standing = memoryRecords<StandingCondition>({
    id: 'queue: queue queue',
    since: AT,
    alarm: 'queue',
    about: 'queue',
    words: '1001 recipients wait.',
  })
  const open = () =>
    morningDigest({
      records,
      outbox: { raise: async alarm => void raised.push(alarm) },
      standing,
      cases: { openCases: () => [], allInForce: () => [WOULD] },
      digest,
      timeZone: () => 'Europe/Berlin',
    })
  return { raised, open, records }
}

test('every morning, by the operator’s clock, what was decided and what would have been; over restarts', async () => {
  const { raised, open } = digesting()
  const first = open()
  await first.look(AT)
  assert.equal(raised.length, 0, 'nothing is known of the day before')
  for (const event of [DECIDED, DECIDED, OBSERVED]) first.hear(event)
  await first.look(AT + MINUTE)
  const second = open()
  second.hear(OBSERVED)
  const six = AT + DAY - 75 * MINUTE
  await second.look(six - MINUTE)
  assert.equal(raised.length, 0, 'one minute before seven')
  await second.look(six)
  assert.deepEqual(
    raised.map(({ about }) => about),
    ['2026-01-06'],
  )
  assert.deepEqual(raised[0]?.evidence, [
    'decided: isolate: 2',
    'mail would have been held by the rule attachments: 2',
    'lines that would be isolated now, if evidence.isolateByMail were set to act: 1',
    'still so: 1001 recipients wait.',
  ])
  await second.look(six + HOUR)
  await open().look(six + 2 * HOUR)
  assert.equal(raised.length, 1, 'once a day')
  await second.look(six + DAY)
  assert.equal(raised[1]?.evidence[0], 'Nothing was decided, held or refused.')
})

test('killed between the digest and what it writes down, it is raised under the same id', async () => {
  const { raised, open, records } = digesting()
  await open().look(AT)
  const before = records.get('since-the-last')
  await open().look(AT + DAY)
  await records.change('since-the-last', () => before)
  await open().look(AT + DAY + MINUTE)
  assert.equal(raised.length, 2)
  assert.equal(raised[0]?.id, raised[1]?.id)
})

test('a clock that was a year ahead and is right again: the digest goes on with the next morning, and nothing that was counted is lost', async () => {
  const { raised, open } = digesting()
  const digest = open()
  await digest.look(AT)
  digest.hear(DECIDED)
  await digest.look(AT + 365 * DAY)
  digest.hear(OBSERVED)
  await digest.look(AT + HOUR)
  assert.equal(raised.length, 1, 'that of the wrong time, and none of today again')
  await digest.look(AT + DAY)
  assert.deepEqual(raised[1]?.evidence[0], 'mail would have been held by the rule attachments: 1')
  await digest.look(AT + 2 * DAY)
  assert.equal(raised.length, 3)
  // Set right before seven: the digest of that day is still to come.
  await digest.look(AT + 400 * DAY)
  await digest.look(AT + 3 * DAY - 2 * HOUR)
  await digest.look(AT + 3 * DAY)
  assert.equal(raised.length, 5)
  assert.equal(new Set(raised.map(({ id }) => id)).size, 5)
})

test('off is off', async () => {
  const { raised, open } = digesting('off')
  for (let day = 0; day < 3; day++) await open().look(AT + day * DAY)
  assert.equal(raised.length, 0)
})
