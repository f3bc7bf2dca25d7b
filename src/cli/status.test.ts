import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../model/duration.ts'
import type { ServerStatus } from '../ports/operations.ts'
import { needsAttention, shown } from './status.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const WELL: ServerStatus = {
  version: '1.2.3',
  now: NOW,
  startedAt: NOW - 3 * HOUR,
  problems: [],
  queue: [],
  inForce: {},
  connections: 1,
  tellers: 0,
  worries: 0,
}

test('a server that is well says so in one screen, and needs no attention', () => {
  assert.equal(
    shown(WELL),
    [
      'running   Cordon 1.2.3, for 3h, since 2026-11-21T09:00:00Z',
      'faults    none',
      'queue     empty',
      'in force  nothing',
      'SMTP      1 connection open',
      'network   0 sources',
    ].join('\n'),
  )
  assert.equal(needsAttention(WELL), false)
})

test('that evidence only observes is said, and is no alarm', () => {
  assert.match(shown({ ...WELL, observes: true }), /^evidence {2}only observes/m)
  assert.equal(needsAttention({ ...WELL, observes: true }), false)
})

test('mail that waits and customers that are contained are said, and are no alarm', () => {
  const busy: ServerStatus = {
    ...WELL,
    queue: [
      { state: 'queued', recipients: 12, since: NOW - 5 * MINUTE },
      { state: 'held', recipients: 1, since: NOW - 3 * DAY },
      { state: 'paced', recipients: 0, since: NOW },
    ],
    inForce: { isolate: 2, 'stop-login': 1 },
    listed: 3,
  }
  const text = shown(busy)
  assert.match(
    text,
    /queue +12 recipients on its way \(the oldest for 5m\), 1 recipient held \(the oldest for 3d\)\n/,
  )
  assert.match(text, /in force +isolate 2, stop-login 1: cordon incident list --in-force/)
  assert.match(text, /list +3 entries/)
  assert.equal(needsAttention(busy), false)
})

test('a fault, a worry of the network and a certificate that ends need attention', () => {
  const faulty = { ...WELL, problems: ['the disk is full\u001b[2J'] }
  assert.match(shown(faulty), /FAULT +the disk is full\\x1b\[2J/)
  const worried = { ...WELL, worries: 2 }
  assert.match(shown(worried), /NETWORK +0 sources; 2 things to look at/)
  const soon = { ...WELL, certificate: { name: 'mail.isp.example', to: NOW + 13 * DAY } }
  assert.match(shown(soon), /CERTIFICATE +mail\.isp\.example ends at .*, in 13d/)
  const over = { ...WELL, certificate: { name: 'mail.isp.example', to: NOW - 1 } }
  assert.match(shown(over), /CERTIFICATE +mail\.isp\.example ended at/)
  for (const one of [faulty, worried, soon, over]) assert.equal(needsAttention(one), true)
  const later = { ...WELL, certificate: { name: 'mail.isp.example', to: NOW + 15 * DAY } }
  assert.equal(needsAttention(later), false)
})

test('a queue that cannot be read is not an empty one', () => {
  const { queue: _, ...unread } = WELL
  assert.match(shown(unread), /queue +cannot be read/)
})

test('on a narrow terminal rows are wrapped, and no word is lost', () => {
  const faulty = { ...WELL, problems: ['the queue cannot be written: the file system is full'] }
  const lines = shown(faulty, 40).split('\n')
  assert.ok(
    lines.every(line => line.length <= 40),
    lines.join('\n'),
  )
  const words = (text: string) => text.split(/\s+/)
  assert.deepEqual(words(lines.join('\n')), words(shown(faulty)))
})

test('the certificate is called so once', () => {
  const shownNow = shown({ ...WELL, certificate: { name: 'certificate', to: NOW + 20 * DAY } })
  assert.match(shownNow, /^certificate {2}ends at /m)
})
