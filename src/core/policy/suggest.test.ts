import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import { suggestLimits, Usage } from './suggest.ts'

const AT = Date.UTC(2026, 10, 21)
const message = (at: number, recipients: number, firstTime = 0) =>
  ({ at, facts: { recipients, firstTime } }) as Parameters<Usage['add']>[1]

test('the busiest hour and the busiest day of each', () => {
  const usage = new Usage()
  for (let i = 0; i < 10; i++) usage.add('anna', message(AT + i * MINUTE, 2, 1))
  for (let i = 0; i < 3; i++) usage.add('anna', message(AT + 2 * HOUR, 5))
  usage.add('anna', message(AT + DAY, 1, 4))
  assert.deepEqual(usage.busiest.get('anna'), {
    messagesPerHour: 10,
    recipientsPerHour: 20,
    recipientsPerDay: 35,
    firstTimePerDay: 10,
  })
})

test('what all but one in a thousand never went over, and a half more; by plan', () => {
  const usage = new Usage()
  for (let person = 0; person < 2000; person++)
    for (let i = 0; i < 40; i++) usage.add(`p${person}`, message(AT + i, 2, i % 2))
  for (let i = 0; i < 5000; i++) usage.add('p0', message(AT + DAY + i, 1))
  for (let i = 0; i < 400; i++) usage.add('firm', message(AT + i, 3, 1))
  const found = suggestLimits(usage.busiest, sender =>
    sender === 'firm' ? 'business' : 'consumer',
  )
  assert.deepEqual(found.get('consumer'), {
    limits: {
      messagesPerHour: 60,
      recipientsPerHour: 120,
      recipientsPerDay: 200,
      firstTimePerDay: 30,
    },
    senders: 2000,
    over: 1,
  })
  assert.deepEqual(found.get('business'), {
    limits: {
      messagesPerHour: 600,
      recipientsPerHour: 1800,
      recipientsPerDay: 1800,
      firstTimePerDay: 600,
    },
    senders: 1,
    over: 0,
  })
})

test('who hardly writes is not given a limit to trip over', () => {
  const usage = new Usage()
  usage.add('anna', message(AT, 1))
  assert.equal(
    suggestLimits(usage.busiest, () => 'consumer').get('consumer')?.limits.messagesPerHour,
    20,
  )
})
