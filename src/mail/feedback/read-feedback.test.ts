// Reports as RFC 5965, XARF and people write them, and as no program should.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Feedback } from '../../model/feedback.ts'
import { quotedHeaders } from './quoted-headers.ts'
import { MAX_REPORT, readFeedback } from './read-feedback.ts'
import { zonedMailDate } from './zoned-mail-date.ts'

const OURS = 'mx.isp.example'
const QUEUE_ID = '1M3K7Q2Z9ABCDEFG'
const REFERENCE = 'v1.abcdefghijklmnop'

const RECEIVED = `Received: from pc ([203.0.113.7])\r
\tby ${OURS} with ESMTPSA id ${QUEUE_ID};\r
\tFri, 27 Nov 2026 10:00:00 +0000\r
`
const ORIGINAL = `Received: from ${OURS} ([198.51.100.1]) by mx.other.example with ESMTPS id 77;\r
\tFri, 27 Nov 2026 10:00:05 +0000\r
${RECEIVED}X-Cordon-Ref: ${REFERENCE}\r
Message-ID: <one@isp.example>\r
From: anna@isp.example\r
To: redacted\r
\r
Buy.\r
`
const FIELDS = `Feedback-Type: abuse\r
User-Agent: SomeGenerator/1.0\r
Version: 1\r
Original-Mail-From: <anna@isp.example>\r
Original-Rcpt-To: <user@other.example>\r
Arrival-Date: Fri, 27 Nov 2026 11:00:05 +0100\r
Source-IP: 192.0.2.1\r
Source-Port: 40001\r
Reported-Domain: ISP.example\r
Incidents: 3\r
`

const arf = (fields = FIELDS, returned = ORIGINAL, type = 'message/rfc822') =>
  Buffer.from(`From: <abusedesk@other.example>\r
To: <abuse-reports@isp.example>\r
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"\r
MIME-Version: 1.0\r
\r
--b1\r
Content-Type: text/plain\r
\r
This is an email abuse report.\r
--b1\r
Content-Type: message/feedback-report\r
\r
${fields}\r
--b1\r
Content-Type: ${type}\r
\r
${returned}\r
--b1--\r
`)

const read = (raw: Buffer | string): Feedback => {
  const found = readFeedback(Buffer.from(raw), OURS)
  assert.ok(!('unread' in found), JSON.stringify(found))
  return found
}
const unread = (raw: Buffer | string): string => {
  const found = readFeedback(Buffer.from(raw), OURS)
  return 'unread' in found ? found.unread : JSON.stringify(found)
}

test('ARF: all that can be looked up', () => {
  assert.deepEqual(read(arf()), {
    format: 'arf',
    kind: 'abuse',
    address: '192.0.2.1',
    port: 40001,
    arrivedAt: Date.UTC(2026, 10, 27, 10, 0, 5),
    references: [REFERENCE],
    queueIds: [QUEUE_ID],
    messageId: 'one@isp.example',
    recipients: ['user@other.example'],
    reportedDomain: 'isp.example',
    incidents: 3,
  })
})

test('ARF with the header alone, and with its parts in base64 and quoted-printable', () => {
  assert.deepEqual(read(arf(FIELDS, ORIGINAL, 'text/rfc822-headers')).queueIds, [QUEUE_ID])
  const encoded = arf()
    .toString()
    .replace(
      `message/feedback-report\r\n\r\n${FIELDS}`,
      `message/feedback-report\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(FIELDS).toString('base64')}\r\n`,
    )
  assert.equal(read(encoded).port, 40001)
  const quoted = FIELDS.replace('SomeGenerator/1.0', 'Some=20Generator').replace(
    '40001',
    '400=\r\n01',
  )
  const printable = arf(quoted)
    .toString()
    .replace(
      'message/feedback-report\r\n',
      'message/feedback-report\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    )
  assert.equal(read(printable).port, 40001)
})

test('The source of a report that says none is the client in our own Received line, and no other', () => {
  const bare = 'Feedback-Type: abuse\r\nVersion: 1\r\nUser-Agent: x\r\n'
  assert.equal(read(arf(bare)).address, '203.0.113.7')
  const others = ORIGINAL.replaceAll(OURS, 'mx.elsewhere.example')
  const found = read(arf(bare, others))
  assert.deepEqual([found.address, found.queueIds], [undefined, []])
})

test('A date without its zone, and one that there is not, is none', () => {
  assert.equal(zonedMailDate('27 Nov 2026 10:00 GMT'), Date.UTC(2026, 10, 27, 10))
  for (const text of [
    'Fri, 27 Nov 2026 10:00:05 -0000',
    '27 Nov 2026 10:00:05',
    '30 Feb 2026 10:00 GMT',
    '27 Foo 2026 10:00 GMT',
    '',
  ])
    assert.equal(zonedMailDate(text), undefined, text)
})

test('XARF 4 and 3, alone and attached', () => {
  const payload = Buffer.from(ORIGINAL).toString('base64')
  const four = JSON.stringify({
    xarf_version: '4.0.0',
    timestamp: '2026-11-27T10:00:05Z',
    reporter: { org: 'Traps', contact: 'r@traps.example', domain: 'Traps.example' },
    source_identifier: '192.0.2.1',
    source_port: 40001,
    category: 'messaging',
    type: 'spam',
    evidence: [{ content_type: 'message/rfc822', payload }],
  })
  const expected = {
    format: 'xarf',
    kind: 'abuse',
    reporter: 'traps.example',
    address: '192.0.2.1',
    port: 40001,
    arrivedAt: Date.UTC(2026, 10, 27, 10, 0, 5),
    references: [REFERENCE],
    queueIds: [QUEUE_ID],
    messageId: 'one@isp.example',
    recipients: [],
    incidents: 1,
  }
  assert.deepEqual(read(four), expected)
  const three = {
    Version: '3.0.0',
    ReporterInfo: { ReporterOrgDomain: 'traps.example' },
    Report: {
      ReportType: 'spam',
      Date: '2026-11-27T10:00:05Z',
      Source: { IP: '192.0.2.1', Port: 40001 },
      Attachment: [{ ContentType: 'message/rfc822', Data: payload }],
    },
  }
  assert.deepEqual(read(JSON.stringify(three)), expected)
  const older = {
    ...three,
    Report: {
      ReportType: 'Spam',
      Date: '2026-11-27T10:00:05Z',
      SourceIp: '192.0.2.1',
      SourcePort: 40001,
      Samples: [{ ContentType: 'message/rfc822', Base64Encoded: true, Payload: payload }],
    },
  }
  assert.deepEqual(read(JSON.stringify(older)), expected)
  const attached = `From: r@traps.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello.\r\n--x\r\nContent-Type: application/json; name="xarf.json"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(four).toString('base64')}\r\n--x--\r\n`
  assert.deepEqual(read(attached), expected)
})

test('Mail that is forwarded with its header: attached, and quoted in a text', () => {
  const attached = `From: c@other.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSpam.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n${ORIGINAL}\r\n--x--\r\n`
  const quoted = `From: c@other.example\r\n\r\nThis came from you:\r\n\r\n${ORIGINAL.replaceAll(/^(?!\n)/gm, '> ')}`
  for (const raw of [attached, quoted]) {
    const { format, references, queueIds, messageId, address } = read(raw)
    assert.deepEqual(
      [format, references, queueIds, messageId, address],
      ['forwarded', [REFERENCE], [QUEUE_ID], 'one@isp.example', '203.0.113.7'],
    )
  }
})

test('What cannot be read is said, and is no report without a complaint', () => {
  assert.equal(unread('From: c@other.example\r\n\r\nYour customer is bad.\r\n'), 'no-report')
  assert.equal(unread(''), 'no-report')
  assert.equal(unread('{"xarf_version":'), 'damaged')
  assert.equal(unread('{"a":1}'), 'no-report')
  assert.equal(unread('{"xarf_version":"4","xarf_version":"3"}'), 'damaged')
  assert.equal(unread(arf('Version: 1\r\n')), 'damaged')
  const nothing = 'Feedback-Type: abuse\r\nVersion: 1\r\n'
  assert.equal(unread(arf(nothing, 'Subject: x\r\n\r\n')), 'no-original')
  const large = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.alloc(MAX_REPORT, 'a\n')])
  assert.equal(unread(large), 'too-much')
  let nested = 'Subject: x\r\n\r\nx'
  for (let i = 0; i < 30; i++)
    nested = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${nested}\r\n--b${i}--\r\n`
  assert.equal(unread(nested), 'too-much')
})

test('A word, an address or a port that is none is left out', () => {
  const odd = FIELDS.replace('abuse', 'Constructor')
    .replace('192.0.2.1', '192.0.2.999')
    .replace('40001', '70000')
    .replace('3', '-3')
  const found = read(arf(odd))
  assert.deepEqual(
    [found.kind, found.address, found.port, found.incidents],
    ['other', '203.0.113.7', undefined, 1],
  )
  const four = read(
    JSON.stringify({
      xarf_version: '4',
      type: '__proto__',
      source_identifier: '10.0.0.1',
      source_port: '1',
      reporter: [],
      evidence: 7,
    }),
  )
  assert.deepEqual(
    [four.kind, four.address, four.port, four.reporter],
    ['other', '10.0.0.1', undefined, undefined],
  )
})

test('Quoted headers are bounded in number and length', () => {
  assert.equal(quotedHeaders('Received: x\n\n'.repeat(100)).length, 5)
  const [long] = quotedHeaders(`Received: x\n${' folded\n'.repeat(10_000)}`)
  assert.ok(long && long.length < 10_000)
})
