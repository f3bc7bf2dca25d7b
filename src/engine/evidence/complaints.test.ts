// Whom a complaint is about: only what Cordon itself knows decides it, and what an outsider makes up is about no customer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { referenceOf } from '../../mail/feedback/reference.ts'
import type { Complaint } from '../../model/complaint.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import type { Event, NewEvent } from '../../model/event.ts'
import type { Holder } from '../../model/lease.ts'
import type { Between } from '../../ports/leases.ts'
import type { Records } from '../../ports/records.ts'
import { createComplaints } from './complaints.ts'

const NOW = Date.UTC(2026, 10, 27, 12)
const ID = '1M3K7Q2Z9ABCDEFG'
const SECRET = 'a secret of ours'
const OURS = 'mx.isp.example'

/** In the order in which they came. */
function memory(): Records<Complaint> & { readonly kept: Map<string, Complaint> } {
  const kept = new Map<string, Complaint>()
  return {
    kept,
    get: id => kept.get(id),
    all: () => kept.values(),
    change: async (id, make) => {
      const made = make(kept.get(id))
      if (made === 'gone') kept.delete(id)
      else if (made) kept.set(id, made)
      return made === 'gone' ? undefined : made
    },
  }
}

type ReportedMail = Extract<Event, { kind: 'tx-commit' }>
type ReportsWorld = {
  readonly taken?: Pick<ReportedMail, 'who' | 'listener'> &
    Partial<Pick<ReportedMail, 'facts' | 'correspondents'>>
  readonly holder?: Holder
  readonly loops?: readonly string[]
}
const FACTS: ReportedMail['facts'] = {
  content: 'spam',
  repeated: false,
  recipients: 1,
  firstTime: 1,
  exempt: false,
  subjects: ['line:anna'],
}

function world({ taken, holder = { sure: 'unknown' }, loops = [] }: ReportsWorld = {}) {
  const asked: { about: string[]; leases: (readonly unknown[])[] } = { about: [], leases: [] }
  const told: NewEvent[] = []
  const rows = memory()
  const complaints = createComplaints({
    rows,
    counters: new MemoryCounters(),
    loops: () => new Set(loops),
    secret: SECRET,
    ourName: OURS,
    events: {
      find: async about => {
        asked.about.push(about)
        const mail = { kind: 'tx-commit', facts: FACTS, correspondents: ['k@mail.other.example'] }
        const events = taken ? [{ ...mail, ...taken } as unknown as Event] : []
        return { events, truncated: false, unreadable: [] }
      },
    },
    leases: {
      holderAt: (...question: [string, string, number | undefined, number | Between]) => {
        asked.leases.push(question)
        return holder
      },
    },
    reporter: { report: event => void told.push(event) },
  })
  let count = 0
  const take = (raw: string, at = NOW, id = `r${++count}`, reporter?: string) =>
    complaints.take({ id, raw: Buffer.from(raw), at, reporter })
  return { complaints, take, asked, told, rows }
}

const RECEIVED = `Received: from pc ([203.0.113.7]) by ${OURS} with ESMTPA id ${ID};`
const forwarded = (header: string) => `From: a@b.example\r\n\r\n${header}\r\nSubject: x\r\n\r\nBuy.`
const xarf = (fields: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ xarf_version: '4', type: 'spam', source_identifier: '203.0.113.7', ...fields })
const WHO = { realm: 'main', address: '203.0.113.7', sure: 'certain' } as const
const LOGIN = { ...WHO, login: 'anna@isp.example', subscriber: 'anna' }
const ANNA: Holder = { sure: 'certain', subscriber: 'anna' }

test('by our reference, by our queue id, and by a Message-ID that we wrote', async () => {
  const taken = { who: LOGIN, listener: 'submission' } as const
  const whose = { login: 'anna@isp.example', subscriber: 'anna' }
  for (const [header, tracedBy] of [
    [`X-Cordon-Ref: ${referenceOf(ID, SECRET)}`, 'reference'],
    [RECEIVED, 'queue-id'],
    [`Message-ID: <${ID}@${OURS.toUpperCase()}>`, 'message-id'],
  ] as const) {
    const { take, asked } = world({ taken })
    const { message, login, subscriber, tracedBy: by } = await take(forwarded(header))
    assert.deepEqual({ message, login, subscriber, by }, { message: ID, ...whose, by: tracedBy })
    assert.deepEqual(asked.about, [`message:${ID}`])
  }
})

test('not by the names that others gave it, and not by mail that came from outside', async () => {
  const elsewhere = world({ taken: { who: LOGIN, listener: 'submission' } })
  for (const header of [
    RECEIVED.replace(OURS, 'mx.other.example'),
    `Message-ID: <${ID}@other.example>`,
    `Message-ID: <anna@${OURS}>`,
  ])
    await elsewhere.take(forwarded(`${header}\r\nMessage-ID: <x@y.example>`))
  assert.deepEqual(elsewhere.asked.about, [])
  for (const listener of ['inbound', 'internal'] as const)
    assert.equal(
      (await world({ taken: { who: LOGIN, listener } }).take(forwarded(RECEIVED))).tracedBy,
      'unknown',
    )
  const unsure = { ...WHO, subscriber: 'anna', sure: 'ambiguous' } as const
  const shared = world({ taken: { who: unsure, listener: 'trusted-network' } })
  assert.equal((await shared.take(forwarded(RECEIVED))).tracedBy, 'unknown')
})

test('by address, port and time: the lease of then, a minute before and behind it included', async () => {
  const arrived = NOW - HOUR
  const { take, asked } = world({ holder: ANNA })
  const timestamp = new Date(arrived).toISOString()
  const complaint = await take(xarf({ source_port: 4000, timestamp }))
  assert.deepEqual([complaint.tracedBy, complaint.subscriber], ['lease', 'anna'])
  const during = { since: arrived - 60_000, at: arrived + 60_000 }
  assert.deepEqual(asked.leases, [['main', '203.0.113.7', 4000, during]])
})

test('no lease decides without a time, long ago, to come, or where several may have had it', async () => {
  const known = world({ holder: ANNA })
  const iso = (at: number) => new Date(at).toISOString()
  for (const timestamp of [undefined, iso(NOW - 31 * DAY), iso(NOW + HOUR), '2026-11-27T10:00:00'])
    assert.equal((await known.take(xarf({ timestamp }))).tracedBy, 'unknown', timestamp)
  const shared = world({ holder: { sure: 'ambiguous' } })
  const { tracedBy, subscriber } = await shared.take(xarf({ timestamp: iso(NOW - HOUR) }))
  assert.deepEqual([tracedBy, subscriber], ['unknown', undefined])
})

test('a report that comes twice, also at the same time, is one; what is unread is told', async () => {
  const { take, told, complaints } = world()
  await Promise.all([take('Subject: x\r\n\r\nBad.', NOW, 'm1'), take('', NOW, 'm1')])
  await take('Subject: x\r\n\r\nBad.', NOW, 'm1')
  assert.equal(complaints.all().length, 1)
  assert.deepEqual(told, [
    {
      kind: 'complaint-received',
      at: NOW,
      complaint: { id: 'm1', unread: 'no-report', tracedBy: 'unknown' },
    },
  ])
})

test('what is old goes, and a flood of forged reports takes no place from those about a customer', async () => {
  const { take, rows, complaints } = world({ taken: { who: LOGIN, listener: 'submission' } })
  await take('old', NOW - 31 * DAY, 'old')
  await take(forwarded(RECEIVED), NOW, 'real')
  for (let i = 0; i < 5100; i++)
    if (i < 4998) rows.kept.set(`f${i}`, { id: `f${i}`, at: NOW, tracedBy: 'unknown' })
    else await take('x', NOW + i, `f${i}`)
  const all = complaints.all()
  assert.equal(all.length, 5000)
  assert.ok(all.some(({ id }) => id === 'real') && !all.some(({ id }) => id === 'old'))
  assert.equal(all[0]?.id, 'f5099')
})

test('a reference that is made up, or of another key, leads to nobody', async () => {
  const { take, asked } = world({ taken: { who: LOGIN, listener: 'submission' } })
  for (const made of [referenceOf(ID, 'another secret'), 'v1.AAAAAAAAAAAAAAAAAAAAAA'])
    assert.equal((await take(forwarded(`X-Cordon-Ref: ${made}`))).tracedBy, 'unknown')
  assert.deepEqual(asked.about, [])
})

const MAIL = { who: LOGIN, listener: 'submission' } as const
const BY_QUEUE_ID = forwarded(RECEIVED)
const said = ({ trust, noEvidence }: Complaint) => trust ?? noEvidence

test('evidence: of an organisation that received the message, proven by DMARC, once in 30 days', async () => {
  const { take, told } = world({ taken: MAIL })
  assert.equal(said(await take(BY_QUEUE_ID, NOW, 'a', 'other.example')), 1)
  assert.equal(said(await take(BY_QUEUE_ID, NOW + DAY, 'b', 'other.example')), 'told-before')
  assert.equal(said(await take(BY_QUEUE_ID, NOW + DAY, 'c', 'stranger.example')), 'not-received')
  assert.equal(said(await take(BY_QUEUE_ID, NOW + DAY, 'd')), 'not-proven')
  assert.equal(said(await take(BY_QUEUE_ID, NOW + 31 * DAY, 'e', 'other.example')), 1)
  const subjects = told.map(event => ('subjects' in event ? event.subjects : undefined))
  assert.deepEqual(subjects, [['line:anna'], undefined, undefined, undefined, ['line:anna']])
})

test('no evidence: about an answer, mail that is exempt, and what is no abuse', async () => {
  for (const answer of ['owed', 'led'] as const) {
    const { take } = world({ taken: { ...MAIL, facts: { ...FACTS, answer } } })
    assert.equal(said(await take(BY_QUEUE_ID, NOW, 'a', 'other.example')), 'answer')
  }
  const { take } = world({ taken: { ...MAIL, facts: { ...FACTS, exempt: true } } })
  assert.equal(said(await take(BY_QUEUE_ID, NOW, 'a', 'other.example')), 'exempt')
  const other = world({ holder: ANNA, loops: ['fbl.example'] })
  const login = xarf({ type: 'login-attack', timestamp: new Date(NOW).toISOString() })
  assert.equal(said(await other.take(login, NOW, 'a', 'fbl.example')), 'other-kind')
})

test('a feedback loop that staff have named speaks of any mail, and of a line; others of no line alone', async () => {
  const loop = world({ taken: MAIL, loops: ['fbl.example'] })
  assert.equal(said(await loop.take(BY_QUEUE_ID, NOW, 'a', 'fbl.example')), 1)
  const report = xarf({ timestamp: new Date(NOW).toISOString() })
  const line = world({ holder: ANNA, loops: ['fbl.example'] })
  assert.equal(said(await line.take(report, NOW, 'a', 'fbl.example')), 1)
  assert.deepEqual(
    line.told.map(event => 'subjects' in event && event.subjects),
    [['line:anna']],
  )
  assert.equal(said(await line.take(report, NOW, 'b', 'other.example')), 'no-message')
})

test('three organisations count in 30 days, however many complain', async () => {
  const correspondents = Array.from({ length: 9 }, (_, i) => `k@other${i}.example`)
  const { take } = world({ taken: { ...MAIL, correspondents } })
  const all: unknown[] = []
  for (let i = 0; i < 9; i++)
    all.push(said(await take(BY_QUEUE_ID, NOW + i * DAY, `r${i}`, `other${i}.example`)))
  assert.deepEqual(all, [1, 1, 1, ...Array<string>(6).fill('enough')])
})

test('what staff find unfounded takes from what its reporter says, by the share of its customers', async () => {
  const { take, complaints, rows } = world({ taken: MAIL })
  const row = (id: string, login: string) =>
    rows.kept.set(id, {
      id,
      at: NOW,
      tracedBy: 'queue-id',
      reporter: 'other.example',
      login,
      trust: 1,
    })
  for (const name of ['a', 'b', 'c']) row(name, `${name}@isp.example`)
  // Twice of the same customer is one.
  row('a2', 'a@isp.example')
  for (const id of ['a', 'a2', 'b']) await complaints.dismiss(id, NOW)
  assert.equal(await complaints.dismiss('none', NOW), undefined)
  const { trust = 0 } = await take(BY_QUEUE_ID, NOW, 'new', 'other.example')
  assert.equal(trust, (1 + 1) / (1 + 3))
  const others = world({ taken: { ...MAIL, correspondents: ['k@third.example'] } })
  assert.equal((await others.take(BY_QUEUE_ID, NOW, 'new', 'third.example')).trust, 1)
})
