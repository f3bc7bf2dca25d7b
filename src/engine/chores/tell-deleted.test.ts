// Held mail that no login stands behind is deleted: the customer or the operator hears of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldMessage } from '../../../test/support/looked-at.ts'
import { NOW } from '../../../test/support/small-cordon.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Incident } from '../../model/incident.ts'
import type { QueueRow } from '../../ports/spool.ts'

const caseOf = (subject: string) =>
  ({
    id: 'c',
    caseCode: 'K7-AAAA',
    subject,
    status: 'held',
    sum: 20,
    containAt: 10,
    changedAt: NOW,
    reachedAt: NOW,
    evidence: [],
    openedAt: NOW,
  }) as unknown as Incident

const held = (subject: string, more: Partial<QueueRow>) =>
  heldMessage({ at: NOW, why: 'evidence: case K7-AAAA', nats: 5, ...more }, [caseOf(subject)])

async function deleted(there: ReturnType<typeof held>) {
  await there.look(NOW + 3 * DAY + HOUR)
  assert.equal(there.outcome(), 'expired')
  return { told: there.toldTo(), alarms: there.alarms() }
}

test('mail of a customer’s line: the sender where the address is the customer’s, otherwise the customer', async () => {
  for (const [sender, to] of [
    ['anna.ek@isp.example', 'anna.ek@isp.example'],
    ['boss@office.example', 'anna@isp.example'],
  ] as const) {
    const { told, alarms } = await deleted(held('line:anna', { sender }))
    assert.deepEqual([told, alarms], [[to], []])
  }
})

test('a bot’s thousand does not bury the customer: twenty reports a day, and of the rest the operator knows', async () => {
  const there = held('line:anna', { sender: 'boss@office.example' })
  for (let i = 0; i < 40; i++) {
    there.next(`m${i}`)
    await there.look(NOW + 3 * DAY + HOUR + i)
  }
  assert.equal(there.told(), 20)
  assert.deepEqual(there.alarms(), ['held-deleted line anna'])
})

test('a sender whom no report can reach: the operator is told, once a day', async () => {
  for (const [subject, more, about] of [
    ['login:anna', { login: 'anna', sender: 'anna@isp.example', subscriber: '' }, 'login anna'],
    ['line:gone', { sender: 'boss@office.example', subscriber: 'gone' }, 'line gone'],
  ] as const) {
    const { told, alarms } = await deleted(held(subject, more))
    assert.deepEqual([told, alarms], [[], [`held-deleted ${about}`]], about)
  }
})

test('recipients that are known by number alone: there is nothing to report of, and the operator is told', async () => {
  const more = { login: 'anna@isp.example', recipient: '' }
  const { told, alarms } = await deleted(held('login:anna@isp.example', more))
  assert.deepEqual([told, alarms], [[], ['held-deleted login anna@isp.example']])
})

test('a program that writes without a sender wants no report, and is no alarm', async () => {
  const { told, alarms } = await deleted(held('line:anna', { sender: '' }))
  assert.deepEqual([told, alarms], [[], []])
})
