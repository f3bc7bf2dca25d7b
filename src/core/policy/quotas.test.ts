import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { createJudge } from '../../engine/judging/judge.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { AttributedStep } from '../../model/step.ts'
import { periodOf } from './period.ts'
import { type Quota, quotas } from './quotas.ts'

const AT = Date.UTC(2026, 10, 21, 12)

function desk(all: readonly Quota[], timeZone = 'UTC') {
  const judge = createJudge({
    rules: [quotas('enforce', { quotas: all, timeZone })],
    counters: new MemoryCounters(),
    lookups: { ask: async ({ about }) => ({ about, failed: 'none' }) },
    report: () => undefined,
    leases: {} as never,
    subscribers: {} as never,
    cases: { inForce: () => [] },
  })
  return async (given: Partial<AttributedStep> & { size?: number }): Promise<string> => {
    const step: AttributedStep = {
      session: 's',
      listener: 'submission',
      stage: 'message',
      at: AT,
      client: { realm: 'main', address: '198.51.100.7', port: 25 },
      tls: true,
      login: 'anna@isp.example',
      sender: 'anna@isp.example',
      recipients: ['bert@isp.example'],
      who: { realm: 'main', address: '', port: 0, sure: 'unknown' },
      inForce: [],
      ...given,
    }
    return (await judge.judgeAttributed(step, 'take')).verdict.kind
  }
}

const quota = (given: Partial<Quota>): Quota => ({
  name: 'q',
  listeners: ['submission'],
  per: ['login'],
  count: 'messages',
  limit: 2,
  in: HOUR,
  over: 'defer',
  ...given,
})

test('a rolling window, by login; another login and another listener are not concerned', async () => {
  const mail = desk([quota({})])
  assert.deepEqual([await mail({}), await mail({}), await mail({})], ['accept', 'accept', 'defer'])
  assert.equal(await mail({ login: 'bert@isp.example' }), 'accept')
  assert.equal(await mail({ listener: 'inbound' }), 'accept')
  assert.equal(await mail({ at: AT + HOUR / 2 }), 'defer')
  assert.equal(await mail({ at: AT + HOUR + HOUR / 6 }), 'accept')
})

test('all of them or none: what one refuses, no other has counted', async () => {
  const mail = desk([
    quota({ name: 'many', limit: 3 }),
    quota({ name: 'bytes', count: 'bytes', limit: 100, over: 'reject' }),
  ])
  assert.equal(await mail({ size: 60 }), 'accept')
  for (let i = 0; i < 5; i++) assert.equal(await mail({ size: 60 }), 'reject')
  assert.deepEqual(
    [await mail({ size: 10 }), await mail({ size: 10 }), await mail({ size: 10 })],
    ['accept', 'accept', 'defer'],
  )
})

test('by several things together, and by each recipient', async () => {
  const pair = desk([quota({ per: ['sender-domain', 'recipient'], limit: 1, over: 'hold' })])
  assert.equal(await pair({ recipients: ['a@x.example', 'b@x.example'] }), 'accept')
  assert.equal(await pair({ recipients: ['c@x.example'] }), 'accept')
  assert.equal(await pair({ recipients: ['c@x.example', 'd@x.example'] }), 'hold')
  assert.equal(await pair({ recipients: ['d@x.example'] }), 'accept', 'd was charged for nothing')
  assert.equal(await pair({ recipients: ['a@x.example'], sender: 'x@y.example' }), 'accept')
})

test('recipients and people never written to; what is not known is not counted', async () => {
  const recipients = desk([quota({ count: 'recipients', limit: 3 })])
  assert.equal(await recipients({ recipients: ['a@x', 'b@x', 'c@x'] }), 'accept')
  assert.equal(await recipients({}), 'defer')
  const strangers = desk([quota({ count: 'first-time', limit: 1 })])
  assert.deepEqual(
    [await strangers({ firstTime: 1 }), await strangers({}), await strangers({ firstTime: 1 })],
    ['accept', 'accept', 'defer'],
  )
  const line = desk([quota({ per: ['line'], limit: 1 })])
  assert.deepEqual([await line({}), await line({})], ['accept', 'accept'])
})

test('different people, and all of an organisation together', async () => {
  const people = desk([quota({ count: 'distinct-recipients', limit: 2 })])
  for (const to of ['a@x', 'b@x', 'A@x', 'b@x'])
    assert.equal(await people({ recipients: [to] }), 'accept', to)
  assert.equal(await people({ recipients: ['a@x', 'c@x'] }), 'defer')
  assert.equal(await people({ recipients: ['a@x', 'b@x'] }), 'accept')
  const firm = desk([quota({ per: ['organisation'], limit: 2 })])
  const from = (sender: string) => firm({ sender })
  assert.deepEqual(
    [await from('a@x.firm.example'), await from('b@firm.example'), await from('c@y.firm.example')],
    ['accept', 'accept', 'defer'],
  )
  assert.equal(await from('a@other.example'), 'accept')
})

test('a day, a week and a month of the calendar, where the operator lives', async () => {
  const evening = Date.UTC(2026, 10, 21, 22, 30)
  assert.equal(periodOf(evening, 'day', 'UTC'), '2026-11-21')
  assert.equal(periodOf(evening, 'day', 'Europe/Berlin'), '2026-11-21')
  assert.equal(periodOf(evening + HOUR, 'day', 'Europe/Berlin'), '2026-11-22')
  assert.equal(periodOf(evening, 'week', 'UTC'), '2026-11-16w')
  assert.equal(periodOf(evening + 2 * DAY, 'week', 'UTC'), '2026-11-23w')
  assert.equal(periodOf(evening, 'month', 'UTC'), '2026-11')
  // Clocks go back: that day has 25 hours, and is one day.
  const long = Date.UTC(2026, 9, 24, 22)
  assert.equal(
    periodOf(long, 'day', 'Europe/Berlin'),
    periodOf(long + 24 * HOUR, 'day', 'Europe/Berlin'),
  )
  const mail = desk([quota({ in: 'day' })], 'Europe/Berlin')
  assert.deepEqual(
    [await mail({ at: evening }), await mail({ at: evening }), await mail({ at: evening })],
    ['accept', 'accept', 'defer'],
  )
  assert.equal(await mail({ at: evening + HOUR }), 'accept', 'another day in Berlin')
})
