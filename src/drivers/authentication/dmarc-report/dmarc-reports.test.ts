import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDmarcReports } from '../../../../test/support/dmarc-reports.ts'
import { memoryRecords } from '../../../../test/support/memory-records.ts'
import type { CountedRow } from '../../../mail/dmarc/dmarc-report.ts'
import { reportAddresses } from '../../../mail/dmarc/report-request.ts'
import type { DmarcRow } from '../../../model/dmarc-row.ts'
import { DAY, HOUR } from '../../../model/duration.ts'
import type { DnsAnswer } from '../../../ports/resolver.ts'
import { DmarcCounts } from './dmarc-counts.ts'
import { DueReports } from '../../due-reports.ts'
import { sendDmarcReports } from './dmarc-reports.ts'

const MIDNIGHT = Date.UTC(2026, 10, 30)

const row = (domain: string, more: Partial<DmarcRow> = {}): DmarcRow => ({
  published: { domain, p: 'reject', adkim: 'r', aspf: 's', testing: false },
  dkim: false,
  spf: false,
  headerFrom: domain,
  envelopeFrom: 'sender.example',
  signatures: [{ domain: 'sender.example', selector: 's1', result: 'pass' }],
  spfResult: { domain: 'sender.example', result: 'pass' },
  disposition: 'reject',
  reasons: [],
  ip: '192.0.2.1',
  ...more,
})

type Zone = Record<string, DnsAnswer<readonly string[]>>

function reporting(...before: readonly CountedRow[]) {
  const state = { at: MIDNIGHT - HOUR, fails: false }
  const zone: Zone = {
    '_dmarc.far.example': { value: ['v=DMARC1; p=reject; rua=mailto:d@far.example'] },
  }
  const kept = memoryRecords<CountedRow>(...before)
  const records: typeof kept = {
    ...kept,
    change: (id, make) =>
      state.fails ? Promise.reject(new Error('the disk is full')) : kept.change(id, make),
  }
  const counts = new DmarcCounts({ records, now: () => state.at })
  const posted: { readonly once: string; readonly to: string; readonly mail: Buffer }[] = []
  const said: string[] = []
  const parts = {
    counts,
    records,
    resolver: { texts: async (name: string) => zone[name] ?? { value: [] } },
    by: {
      organisation: 'Example Net',
      domain: 'isp.example',
      contact: 'postmaster@isp.example',
      generator: 'Cordon 0',
    },
    post: async (report: (typeof posted)[number]) => void posted.push(report),
    trouble: (error: unknown) => void said.push(String(error)),
    due: new DueReports(),
  }
  const send = async (at: number) => {
    state.at = at
    await sendDmarcReports(parts, at)
  }
  return { state, zone, kept, counts, posted, said, send }
}

test('a day is reported once, after it is over, also over a restart, and as others read it', async () => {
  const first = reporting()
  for (let i = 0; i < 3; i++) first.counts.seen(row('far.example'))
  first.counts.seen(row('far.example', { ip: '2001:db8::1', dkim: true, disposition: 'pass' }))
  await first.send(MIDNIGHT - 1)
  const { counts, posted, kept, send } = reporting(...first.kept.all())
  counts.seen(row('far.example', { published: { ...row('far.example').published, p: 'none' } }))
  await send(MIDNIGHT - 1)
  assert.equal(posted.length, 0)
  await send(MIDNIGHT + 4 * HOUR)
  assert.deepEqual(
    posted.map(({ once, to }) => [once, to]),
    [['dmarc-report.2026-11-29.far.example.d@far.example', 'd@far.example']],
  )
  const [report] = readDmarcReports(posted.map(one => one.mail))
  assert.equal(report?.from, 'postmaster@isp.example')
  // The record as it was seen last.
  assert.equal(report.policy['p'], 'none')
  assert.deepEqual(
    report.records.map(one => [one.ip, one.count, one.disposition, one.dkim]),
    [
      ['192.0.2.1', 4, 'reject', 'fail'],
      ['2001:db8::1', 1, 'pass', 'pass'],
    ],
  )
  await send(MIDNIGHT + 5 * HOUR)
  assert.equal(posted.length, 1)
  assert.deepEqual([...kept.all()], [])
})

test('what the disk refuses is written the next time; a DNS without an answer is asked for three days, and then that is told', async () => {
  const { state, zone, counts, posted, kept, said, send } = reporting()
  counts.seen(row('far.example'))
  state.fails = true
  await assert.rejects(counts.write(), /the disk is full/)
  counts.seen(row('far.example'))
  state.fails = false
  const answer = zone['_dmarc.far.example'] as NonNullable<Zone[string]>
  zone['_dmarc.far.example'] = { failed: 'timeout' }
  await send(MIDNIGHT + 4 * HOUR)
  zone['_dmarc.far.example'] = answer
  await send(MIDNIGHT + 4 * HOUR + 1)
  assert.equal(posted.length, 0, 'not asked again at once')
  await send(MIDNIGHT + DAY)
  assert.deepEqual(
    readDmarcReports(posted.map(one => one.mail))[0]?.records.map(one => one.count),
    [2],
  )
  zone['_dmarc.far.example'] = { failed: 'timeout' }
  counts.seen(row('far.example'))
  await send(MIDNIGHT + 3 * DAY)
  assert.deepEqual(said, [])
  for (let i = 0; i < 30; i++) await send(MIDNIGHT + 6 * DAY)
  assert.deepEqual(said, ['Error: the report of 2026-12-01 to far.example is given up'])
  assert.deepEqual([...kept.all()], [])
})

test('an address elsewhere gets a report only if it says that it wants it', async () => {
  const to = (rua: string) => ({ value: [`v=DMARC1; p=none; rua=${rua}`] })
  const agreed = 'far.example._report._dmarc'
  for (const [rua, more, found] of [
    ['mailto:a@sub.far.example', {}, ['a@sub.far.example']],
    ['mailto:victim@other.example', {}, []],
    [
      'mailto:a@other.example',
      { [`${agreed}.other.example`]: { value: ['v=DMARC1'] } },
      ['a@other.example'],
    ],
    [
      'mailto:a@other.example',
      { [`${agreed}.other.example`]: { value: ['v=spf1 -all', 'v=DMARC1x'] } },
      [],
    ],
    [
      'mailto:a@other.example',
      { [`${agreed}.other.example`]: { value: ['v=DMARC1; rua=mailto:b@other.example'] } },
      ['b@other.example'],
    ],
    [
      'mailto:a@other.example',
      { [`${agreed}.other.example`]: { value: ['v=DMARC1; rua=mailto:b@third.example'] } },
      [],
    ],
    [
      'mailto:a@other.example,mailto:b@far.example',
      { [`${agreed}.other.example`]: { failed: 'timeout' as const } },
      ['b@far.example'],
    ],
  ] as const) {
    const { zone, counts, posted, kept, send } = reporting()
    zone['_dmarc.far.example'] = to(rua)
    Object.assign(zone, more)
    counts.seen(row('far.example'))
    await send(MIDNIGHT + 4 * HOUR)
    assert.deepEqual(
      posted.map(one => one.to),
      found,
      rua,
    )
    // One that is not answered for is asked about again.
    const waits = Object.values(more).some(one => 'failed' in one)
    assert.equal([...kept.all()].length, waits ? 1 : 0, rua)
  }
})

test('reports alone are no reason for a report, and beside other mail they count', async () => {
  const { counts, posted, kept, send } = reporting()
  counts.seen(row('far.example', { isReport: true }))
  await send(MIDNIGHT + 4 * HOUR)
  assert.equal(posted.length, 0)
  assert.deepEqual([...kept.all()], [])
  counts.seen(row('far.example', { isReport: true }))
  counts.seen(row('far.example'))
  await send(MIDNIGHT + DAY + 4 * HOUR)
  assert.equal(readDmarcReports(posted.map(one => one.mail))[0]?.records.length, 2)
})

test('a report that is too large for its reader is not sent, and that is told', async () => {
  const { zone, counts, posted, said, send } = reporting()
  zone['_dmarc.far.example'] = {
    value: ['v=DMARC1; p=none; rua=mailto:a@far.example!1k,mailto:b@far.example!10m'],
  }
  for (let i = 0; i < 200; i++) counts.seen(row('far.example', { ip: `192.0.2.${i}` }))
  await send(MIDNIGHT + 4 * HOUR)
  assert.deepEqual(
    posted.map(one => one.to),
    ['b@far.example'],
  )
  assert.match(said.join(), /^Error: the report of 2026-11-29 to a@far\.example has \d+ bytes$/)
})

test('a stranger with thousands of names has ten reports of a day, and its first name one more', async () => {
  const { zone, counts, posted, kept, said, send } = reporting()
  const names = Array.from({ length: 900 }, (_, i) => `n${i}.evil.example`)
  const rua = ['a', 'b', 'c', 'd'].map(one => `mailto:${one}@evil.example`).join()
  for (const name of [...names, 'evil.example'])
    zone[`_dmarc.${name}`] = { value: [`v=DMARC1; p=none; rua=${rua}`] }
  for (const name of names) counts.seen(row(name))
  for (const domain of ['evil.example', 'far.example']) counts.seen(row(domain))
  await send(MIDNIGHT - 1)
  assert.deepEqual(said, ['Error: no room: 890 messages are in no report'])
  await send(MIDNIGHT + 4 * HOUR)
  assert.equal(posted.filter(one => one.to !== 'd@far.example').length, 2 * 11)
  assert.equal(posted.length, 2 * 11 + 1)
  // The next day has room again, also for another program.
  const next = reporting(...kept.all())
  next.state.at = MIDNIGHT + 5 * HOUR
  for (const name of names) next.counts.seen(row(name))
  await next.counts.write()
  assert.equal([...next.kept.all()].length, 10)
})

test('a stranger fills only its own place, and the owner still hears what came from where', async () => {
  const { zone, counts, posted, kept, said, send } = reporting()
  zone['_dmarc.many.example'] = { value: ['v=DMARC1; p=none; rua=mailto:a@many.example'] }
  const long = (i: number) => `x${i}.${'y'.repeat(2000)}.example`
  for (let i = 0; i < 1500; i++) counts.seen(row('many.example', { envelopeFrom: long(i) }))
  counts.seen(row('many.example', { ip: '192.0.2.9', headerFrom: long(1) }))
  counts.seen(row('far.example'))
  await send(MIDNIGHT - 1)
  const theirs = [...kept.all()].filter(one => one.row.published.domain !== 'far.example')
  assert.ok(JSON.stringify(theirs).length < 2 * 3 * 2 ** 20)
  assert.equal([...kept.all()].length - theirs.length, 1)
  // Also after a restart.
  const next = reporting(...kept.all())
  next.counts.seen(row('many.example', { ip: '192.0.2.9', headerFrom: long(2) }))
  await next.counts.write()
  assert.equal([...next.kept.all()].length, [...kept.all()].length)
  await send(MIDNIGHT + 4 * HOUR)
  assert.deepEqual(said, [])
  const all = readDmarcReports(posted.map(one => one.mail))
  const records = all.find(one => one.domain === 'many.example')?.records ?? []
  assert.equal(
    records.reduce((sum, one) => sum + one.count, 0),
    1501,
  )
  const bare = records.filter(one => one.reasons.includes('other'))
  assert.deepEqual(
    bare.map(one => [one.ip, one.from, one.envelope, one.signatures, one.sent, one.disposition]),
    ['192.0.2.1', '192.0.2.9'].map(ip => [ip, 'many.example', '', [], ['', 'pass'], 'reject']),
  )
})

test('who forges from too many addresses is not counted any more, and that is told; the next day has room again', async () => {
  const { counts, kept, said, send } = reporting()
  const many = (i: number) =>
    row(`n${i % 8}.many.example`, { envelopeFrom: 'x'.repeat(2000), ip: `2001:db8::${i}` })
  for (let i = 0; i < 6000; i++) counts.seen(many(i))
  await send(MIDNIGHT - 1)
  const theirs = [...kept.all()].length
  assert.deepEqual(said, [`Error: no room: ${6000 - theirs} messages are in no report`])
  await send(MIDNIGHT + 4 * HOUR)
  counts.seen(row('n1.many.example'))
  await send(MIDNIGHT + 5 * HOUR)
  assert.equal([...kept.all()].length, 1)
})

test('a message that comes again while its row is written takes no room again', async () => {
  const { state, counts, kept, said, send } = reporting()
  const signatures = [{ domain: 'y'.repeat(250), selector: 'z'.repeat(250), result: 'fail' }]
  for (let i = 0; i < 4000; i++) {
    counts.seen(row('far.example', { signatures }))
    state.fails = i % 2 === 0
    const written = counts.write().catch(() => undefined)
    counts.seen(row('far.example', { signatures }))
    await written
    if (i % 2 === 0) continue
    for (const one of Array.from(kept.all())) await counts.forget(one)
  }
  state.fails = false
  counts.seen(row('far.example', { ip: '192.0.2.2' }))
  await send(MIDNIGHT - 1)
  assert.deepEqual(said, [])
  assert.ok([...kept.all()].every(one => !one.bare))
})

test('names of strangers are data in the XML', async () => {
  const { zone, counts, posted, send } = reporting()
  const name = 'a&b<c>\u0000\u0001"\ud800.example'
  zone['_dmarc.far.example'] = { value: ['v=DMARC1; rua=mailto:a@far.example'] }
  const signatures = [{ domain: name, selector: name, result: 'permerror' }]
  counts.seen(row('far.example', { headerFrom: name, envelopeFrom: name, signatures }))
  await send(MIDNIGHT + 4 * HOUR)
  const [record] = readDmarcReports(posted.map(one => one.mail))[0]?.records ?? []
  assert.equal(record?.from, 'a&b<c>??"\ufffd.example')
  assert.deepEqual(record.signatures, [[record.from, record.from, 'permerror']])
})

test('of a record only addresses that mail can go to are read', () => {
  for (const [record, found] of [
    ['v=DMARC1; p=none; rua=mailto:a@b.example', [{ to: 'a@b.example' }]],
    [
      'v=DMARC1;rua = mailto:a%21x@b.example!10m , https://b.example/x',
      [{ to: 'a!x@b.example', most: 10 * 2 ** 20 }],
    ],
    ['v=DMARC1; rua=mailto:a@b.example!50K', [{ to: 'a@b.example', most: 51_200 }]],
    ['v=DMARC1; rua=mailto:a@b.example!10x', []],
    ['v=DMARC1; rua=mailto:a%0D%0ABcc:x@b.example', []],
    ['v=DMARC1; rua=mailto:%zz@b.example', []],
    ['v=DMARC1; ruf=mailto:a@b.example', []],
    ['v=DMARC1; rua=mailto:a%E2%80%AEx@b.example', []],
    ['v=DMARC1; rua=mailto:a%3Bb@c.example,mailto:a(b)@c.example', []],
    [
      'v=DMARC1; rua=mailto:A@b.example,mailto:a@B.example,mailto:c@b.example',
      [{ to: 'A@b.example' }, { to: 'c@b.example' }],
    ],
  ] as const)
    assert.deepEqual(reportAddresses(record), found, record)
})
