import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { test } from 'node:test'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import { reportAddresses } from '../../../mail/tls-report.ts'
import { BoundedMap } from '../../../model/bounded-map.ts'
import { DAY, HOUR, MINUTE } from '../../../model/duration.ts'
import type { TlsSession } from '../../../model/tls-session.ts'
import type { DnsAnswer } from '../../../ports/resolver.ts'
import { DueReports } from '../../due-reports.ts'
import { type CountedDay, TlsCounts } from './tls-counts.ts'
import { sendTlsReports } from './tls-reports.ts'

const MIDNIGHT = Date.UTC(2026, 10, 30)
const NONE = { kind: 'no-policy-found', lines: [], mx: [] } as const
const good = (domain: string): TlsSession => ({ policy: { ...NONE, domain } })
const bad = (domain: string, ip = '192.0.2.1'): TlsSession => ({
  ...good(domain),
  failure: { type: 'starttls-not-supported', mx: `mx.${domain}`, ip },
})

function reporting() {
  const state = {
    at: MIDNIGHT - HOUR,
    texts: { value: ['v=TLSRPTv1; rua=mailto:tls@far.example'] } as DnsAnswer<readonly string[]>,
    fails: false,
    asked: 0,
    isSilent: false,
  }
  const kept = memoryRecords<CountedDay>()
  const records: typeof kept = {
    ...kept,
    change: (id, make) =>
      state.fails ? Promise.reject(new Error('the disk is full')) : kept.change(id, make),
  }
  const wants = async (domain: string) => {
    state.asked++
    if (state.isSilent) return undefined
    return /(?:^|\.)(?:far|evil)\d*\.example$/.test(domain)
  }
  const counts = new TlsCounts({ records, wants, now: () => state.at })
  const posted: { readonly once: string; readonly to: string; readonly mail: Buffer }[] = []
  const said: string[] = []
  const parts = {
    counts,
    records,
    resolver: { texts: async () => state.texts },
    by: { organisation: 'Example Net', domain: 'isp.example', contact: 'postmaster@isp.example' },
    isOurs: (domain: string) => domain === 'isp.example',
    sent: new BoundedMap<string, number>(100),
    due: new DueReports(),
    trouble: (error: unknown) => void said.push(String(error)),
    post: async (report: (typeof posted)[number]) => void posted.push(report),
  }
  return {
    state,
    counts,
    posted,
    said,
    kept,
    send: async (at: number) => {
      state.at = at
      await sendTlsReports(parts, at)
    },
  }
}

/** The JSON of a report. */
function jsonOf(mail: Buffer | undefined) {
  const part = (mail ?? Buffer.alloc(0)).toString().split('application/tlsrpt+gzip')[1] ?? ''
  const base64 = part.split('\r\n\r\n')[1]?.split('--')[0] ?? ''
  return JSON.parse(gunzipSync(Buffer.from(base64, 'base64')).toString()) as {
    readonly policies: readonly {
      readonly summary: Readonly<Record<string, number>>
      readonly 'failure-details'?: readonly Readonly<Record<string, unknown>>[]
    }[]
  }
}

test('a day is reported once, after it is over, to those who asked for it, whom the DNS is asked about once', async () => {
  const { state, counts, posted, kept, send } = reporting()
  for (let i = 0; i < 3; i++) counts.session(good('far.example'))
  for (let i = 0; i < 2; i++) counts.session(bad('far.example'))
  counts.session(bad('else.example'))
  await send(MIDNIGHT - 1)
  assert.equal(state.asked, 2)
  assert.equal(posted.length, 0)
  counts.session(bad('far.example', '192.0.2.2'))
  await send(MIDNIGHT - 1)
  await send(MIDNIGHT + 4 * HOUR)
  assert.deepEqual(
    posted.map(({ once, to }) => [once, to]),
    [['tls-report.2026-11-29.far.example.tls@far.example', 'tls@far.example']],
  )
  const [one] = jsonOf(posted[0]?.mail).policies
  assert.deepEqual(one?.summary, {
    'total-successful-session-count': 3,
    'total-failure-session-count': 3,
  })
  assert.deepEqual(
    one?.['failure-details']?.map(each => [each['receiving-ip'], each['failed-session-count']]),
    [
      ['192.0.2.1', 2],
      ['192.0.2.2', 1],
    ],
  )
  await send(MIDNIGHT + 5 * HOUR)
  assert.equal(posted.length, 1)
  assert.deepEqual([...kept.all()], [])
})

test('what the disk refuses is written the next time; a DNS without an answer is asked again for three days', async () => {
  const { state, counts, posted, kept, said, send } = reporting()
  counts.session(good('far.example'))
  await new Promise(setImmediate)
  state.fails = true
  await assert.rejects(counts.write(), /the disk is full/)
  counts.session(good('far.example'))
  await new Promise(setImmediate)
  state.fails = false
  state.texts = { failed: 'timeout' }
  await send(MIDNIGHT + 4 * HOUR)
  assert.equal(posted.length, 0)
  state.texts = { value: ['v=TLSRPTv1; rua=mailto:tls@far.example'] }
  await send(MIDNIGHT + DAY)
  assert.equal(jsonOf(posted[0]?.mail).policies[0]?.summary['total-successful-session-count'], 2)
  state.texts = { failed: 'timeout' }
  counts.session(good('far.example'))
  await new Promise(setImmediate)
  for (let i = 0; i < 30; i++) await send(MIDNIGHT + 6 * DAY)
  assert.deepEqual([...kept.all()], [])
  assert.deepEqual(said, ['Error: the report of 2026-12-01 to far.example is given up'])
})

test('a DNS that does not answer at the first mail of a day costs nothing of it, and is asked again', async () => {
  const { state, counts, posted, send } = reporting()
  state.isSilent = true
  for (let i = 0; i < 3; i++) counts.session(good('far.example'))
  await new Promise(setImmediate)
  assert.equal(state.asked, 1)
  state.isSilent = false
  state.at += 10 * MINUTE
  for (let i = 0; i < 3; i++) counts.session(good('far.example'))
  await new Promise(setImmediate)
  assert.equal(state.asked, 2)
  await send(MIDNIGHT + 4 * HOUR)
  assert.equal(jsonOf(posted[0]?.mail).policies[0]?.summary['total-successful-session-count'], 6)
})

test('a stranger makes the memory of a day no larger than it may be', async () => {
  const { counts, kept, send } = reporting()
  for (let i = 0; i < 900; i++)
    counts.session({
      policy: { ...NONE, domain: 'far.example', lines: [`x ${i % 30}`] },
      failure: { type: 'validation-failure', mx: `mx${i}.far.example` },
    })
  await new Promise(setImmediate)
  await send(MIDNIGHT - 1)
  const [day] = kept.all()
  assert.equal(day?.policies.length, 10)
  assert.ok(day.policies.every(one => one.failures.length <= 50))
})

const RECORD = (...to: readonly string[]) => ({
  value: [`v=TLSRPTv1; rua=${to.map(one => `mailto:${one}`).join()}`],
})

test('a stranger with thousands of names has ten reports of a day, its first name one more, and only so many records', async () => {
  const { state, counts, posted, kept, said, send } = reporting()
  state.texts = RECORD('a@evil.example', 'b@evil.example')
  for (let i = 0; i < 900; i++) counts.session(good(`n${i}.evil.example`))
  await new Promise(setImmediate)
  await counts.write()
  for (const domain of ['n900.evil.example', 'evil.example', 'far.example'])
    counts.session(good(domain))
  await new Promise(setImmediate)
  await send(MIDNIGHT - 1)
  assert.equal([...kept.all()].length, 12)
  assert.deepEqual(said, ['Error: no room: 891 connections are in no report'])
  await send(MIDNIGHT + 4 * HOUR)
  assert.equal(posted.length, 24)
  // The next day has room again.
  counts.session(good('n7.evil.example'))
  await new Promise(setImmediate)
  await send(MIDNIGHT + 5 * HOUR)
  assert.equal([...kept.all()].length, 1)
})

test('many strangers fill the mailbox of another organisation with twenty reports of a day, and none of ours', async () => {
  const { state, counts, posted, said, send } = reporting()
  state.texts = RECORD('nobody@isp.example', 'v@mail.victim.example')
  for (let i = 0; i < 50; i++) counts.session(good(`evil${i}.example`))
  await send(MIDNIGHT - 1)
  await send(MIDNIGHT + 4 * HOUR)
  assert.deepEqual(
    posted.map(one => one.to),
    Array.from({ length: 20 }, () => 'v@mail.victim.example'),
  )
  assert.deepEqual(said, ['Error: victim.example gets no more reports of 2026-11-29 about others'])
})

test('who wants reports is read from one record alone, and of it only addresses that mail can go to', () => {
  for (const [texts, found] of [
    [['v=TLSRPTv1; rua=mailto:a@b.example'], ['a@b.example']],
    [['v=TLSRPTv1;rua=mailto:a%2Bx@b.example,https://b.example/x;'], ['a+x@b.example']],
    [['v=TLSRPTv1; rua=mailto:a@b.example!10m'], ['a@b.example!10m']],
    [['v=TLSRPTv1; rua=https://b.example/'], []],
    [['v=TLSRPTv1; rua=mailto:a@b.example', 'v=TLSRPTv1; rua=mailto:c@d.example'], []],
    [['v=TLSRPTv2; rua=mailto:a@b.example'], []],
    [['v=TLSRPTv1; rua=mailto:a%0D%0ABcc:x@b.example'], []],
    [['v=TLSRPTv1; rua=mailto:%zz@b.example'], []],
    [['v=TLSRPTv1; rua=mailto:a%E2%80%AEx@b.example'], []],
    [
      ['v=TLSRPTv1; rua=mailto:A@b.example,mailto:a@B.example,mailto:c@b.example'],
      ['A@b.example', 'c@b.example'],
    ],
    [
      ['v=TLSRPTv1; rua=mailto:a@b.example,mailto:c@b.example,mailto:d@b.example'],
      ['a@b.example', 'c@b.example'],
    ],
  ] as const)
    assert.deepEqual(reportAddresses(texts), found, texts.join())
})
