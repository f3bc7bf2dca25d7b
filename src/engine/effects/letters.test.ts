import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customer, NOW } from '../../../test/support/small-cordon.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import type { Incident } from '../../model/incident.ts'
import type { NoticeRow } from '../../ports/notices.ts'
import { createLanes } from '../evidence/lanes.ts'
import type { NotifyParts } from '../letters/notify.ts'
import { letters } from './letters.ts'

test('two saves of one case at once are one letter, and it is told of once', async () => {
  const subscribers = memorySubscribers([customer('anna')])
  const incident = {
    id: 'i1',
    caseCode: 'A1-B2C3',
    subject: 'line:anna',
    subscriber: 'anna',
    epoch: 1,
    status: 'held',
    openedAt: NOW,
    changedAt: NOW,
    kinds: ['content'],
    sum: 20,
    containAt: 18,
  } as unknown as Incident
  const kept: NoticeRow[] = []
  const told: string[] = []
  const slowly = () => new Promise(resolve => setImmediate(resolve))
  const notifier = {
    engine: {
      open: async () => ({
        write: slowly,
        finish: async () => ({ verdict: { kind: 'accept' } }),
        abort: async () => undefined,
      }),
    },
    cases: {
      evidence: async () => [],
      rev: () => 1,
      moved: () => undefined,
      open: () => undefined,
      inForce: () => [],
      epoch: () => 1,
    },
    notices: { addNotices: async (notices: readonly NoticeRow[]) => void kept.push(...notices) },
    subscribers,
    reporter: { note: (event: { readonly kind: string }) => void told.push(event.kind) },
    provider: 'Example Net',
    portal: 'the portal',
    timeZone: () => 'UTC',
    ourName: 'mail.isp.example',
    mailDomain: 'isp.example',
    dkim: undefined,
    network: [],
  } as unknown as NotifyParts
  const parts = {
    cases: { inForce: () => [] },
    notices: { notices: async () => [...kept] },
    subscribers,
    notifier,
    letterLanes: createLanes(),
  }
  const save = { incident, decisions: [] }
  await Promise.all(
    [19, 20, 21].map(sum => letters.follow({ ...save, incident: { ...incident, sum } }, parts)),
  )
  assert.deepEqual(told, ['notice-sent'])
})
