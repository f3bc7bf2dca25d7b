import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../model/event.ts'
import { createEventBus } from './event-bus.ts'

const alarm = (seq: number): Event => ({
  kind: 'alarm-raised',
  id: `n.1.${seq}`,
  seq,
  at: 1,
  alarm: 'counters-lost',
  about: 'counters',
  words: 'lost',
})
const gap = (seq: number): Event => ({ kind: 'journal-gap', id: `n.1.${seq}`, seq, at: 1, lost: 1 })

test('who listens to one kind hears all of that kind and no other, and one that throws takes off itself alone', () => {
  const bus = createEventBus()
  const [all, alarms, gaps]: [number[], number[], number[]] = [[], [], []]
  bus.listen(event => all.push(event.seq))
  bus.listenTo('alarm-raised', () => {
    throw new Error('a listener that throws')
  })
  bus.listenTo('alarm-raised', event => alarms.push(event.seq))
  bus.listenTo('journal-gap', event => gaps.push(event.seq))
  for (const event of [alarm(1), gap(2), alarm(3)]) bus.write(event)
  assert.deepEqual({ all, alarms, gaps }, { all: [1, 2, 3], alarms: [1, 3], gaps: [2] })
})
