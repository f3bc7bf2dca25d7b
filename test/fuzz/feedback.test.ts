// Whatever comes to the mailbox for complaints, it is read within its bounds and never throws; and of a report that a program writes by
// the book, Python's email package finds the same fields.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { Feedback, UnreadFeedback } from '../../src/model/feedback.ts'
import { UNREAD_FEEDBACK } from '../../src/model/feedback.ts'
import { readFeedback } from '../../src/mail/feedback/read-feedback.ts'

const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 10)
const OURS = 'mx.isp.example'

const SPIKES = [
  'Content-Type: multipart/report; boundary=b\r\n',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: message/feedback-report\r\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Type: text/rfc822-headers\r\n',
  'Content-Type: application/json\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  '\r\n',
  '\n',
  '--b\r\n',
  '--b--\r\n',
  'Feedback-Type: abuse\r\n',
  'Source-IP: 192.0.2.1\r\n',
  'Source-IP: 2001:db8::1\r\n',
  'Source-Port: 99999999999999999999\r\n',
  'Arrival-Date: Fri, 27 Nov 2026 10:00:00 +9999\r\n',
  `Received: from a ([1.2.3.4]) by ${OURS} with ESMTP id AAAAAAAAAAAAAAAA;\r\n`,
  'X-Cordon-Ref: v1.aaaaaaaaaaaaaaaaaaaa\r\n',
  'Message-ID: <<<>\r\n',
  '{"xarf_version":"4","evidence":[{"content_type":"message/rfc822","payload":"',
  '{"Report":{"ReportType":"',
  '"}]}',
  '{"a":'.repeat(50_000),
  '['.repeat(100_000),
  '> > > > > > > > > > > Received: a\n',
  'AAAA'.repeat(30_000),
  '\0',
  '\xff',
]

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...SPIKES), fc.string({ maxLength: 40 })), { maxLength: 60 })
  .map(pieces => Buffer.from(pieces.join(''), 'latin1'))

const isWell = (found: Feedback | UnreadFeedback): boolean => {
  if ('unread' in found) return UNREAD_FEEDBACK.includes(found.unread)
  return (
    found.references.length <= 5 &&
    found.queueIds.length <= 5 &&
    found.recipients.length <= 20 &&
    found.incidents >= 1 &&
    (found.port === undefined || (found.port > 0 && found.port < 65_536)) &&
    JSON.stringify(found).length < 60_000
  )
}

test('hostile reports are read within their bounds', () => {
  fc.assert(
    fc.property(hostile, fc.nat(), (raw, cut) => {
      assert.ok(isWell(readFeedback(raw, OURS)))
      assert.ok(isWell(readFeedback(raw.subarray(0, cut % (raw.length + 1)), OURS)))
    }),
    { interruptAfterTimeLimit: SECONDS * 500, numRuns: 1e6 },
  )
})

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/)
const report = fc.record({
  boundary: fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,60}$/),
  kind: fc.constantFrom('abuse', 'fraud', 'virus', 'not-spam'),
  address: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65_535 }),
  recipient: fc.tuple(word, word).map(([local, domain]) => `${local}@${domain}.example`),
  id: fc.tuple(word, word).map(([left, right]) => `${left}@${right}.example`),
  encoding: fc.constantFrom('7bit', 'base64', 'quoted-printable'),
  ends: fc.constantFrom('\r\n', '\n'),
  folded: fc.boolean(),
  headersOnly: fc.boolean(),
})

const PYTHON = `
import sys, json, base64, quopri, email
for line in sys.stdin:
    m = email.message_from_bytes(base64.b64decode(line))
    out = {}
    for part in m.walk():
        t = part.get_content_type()
        if t == 'message/feedback-report':
            text = part.get_payload()[0].as_string()
            cte = part.get('content-transfer-encoding', '7bit')
            if cte == 'base64':
                text = base64.b64decode(text).decode()
            elif cte == 'quoted-printable':
                text = quopri.decodestring(text.encode()).decode()
            text = text.lstrip()
            f = email.message_from_string(text)
            out['kind'] = f['feedback-type'].strip(); out['address'] = f['source-ip']; out['port'] = int(f['source-port']); out['to'] = f['original-rcpt-to']
        elif t == 'text/rfc822-headers':
            out.setdefault('id', email.message_from_string(part.get_payload())['message-id'])
        elif t == 'message/rfc822':
            out.setdefault('id', part.get_payload()[0]['message-id'])
    print(json.dumps(out))
`

function written(r: Readonly<Record<string, string | number | boolean>>): Buffer {
  const { boundary, kind, address, port, recipient, id, encoding, ends, folded, headersOnly } = r
  const fields = `Feedback-Type:${folded ? '\n ' : ' '}${kind}\nVersion: 1\nUser-Agent: x\nOriginal-Rcpt-To: <${recipient}>\nSource-IP: ${address}\nSource-Port: ${port}\n`
  const encoded =
    encoding === 'base64'
      ? Buffer.from(fields).toString('base64')
      : encoding === 'quoted-printable'
        ? fields.replaceAll('=', '=3D').replaceAll('abuse', 'ab=75se')
        : fields
  const returned = `Message-ID: <${id}>\nSubject: x\n${headersOnly ? '' : '\nBuy.\n'}`
  const type = headersOnly ? 'text/rfc822-headers' : 'message/rfc822'
  const text = `From: a@other.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"\n\n--${boundary}\n\nA report.\n--${boundary}\nContent-Type: message/feedback-report\nContent-Transfer-Encoding: ${encoding}\n\n${encoded}\n--${boundary}\nContent-Type: ${type}\n\n${returned}\n--${boundary}--\n`
  return Buffer.from(text.replaceAll('\n', ends as string))
}

test('Python reads the same fields in a report by the book', () => {
  const drawn = fc.sample(report, 400)
  const messages = drawn.map(one => written(one))
  const input = messages.map(one => `${one.toString('base64')}\n`).join('')
  const { stdout, status } = spawnSync('python3', ['-c', PYTHON], { input, encoding: 'utf8' })
  assert.equal(status, 0)
  const others = stdout.trim().split('\n')
  assert.equal(others.length, messages.length)
  for (const [i, message] of messages.entries()) {
    const ours = readFeedback(message, OURS)
    assert.ok(!('unread' in ours), message.toString())
    const { kind, address, port, recipients, messageId } = ours
    assert.deepEqual(
      { kind, address, port, to: `<${recipients[0]}>`, id: `<${messageId}>` },
      JSON.parse(others[i] as string),
      message.toString(),
    )
  }
})
