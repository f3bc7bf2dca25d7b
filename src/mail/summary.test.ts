import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summarizer } from './summary.ts'

function summary(message: string, piece = 1 << 20) {
  const summarizer = new Summarizer()
  const bytes = Buffer.from(message.replace(/\n/g, '\r\n'), 'utf8')
  for (let at = 0; at < bytes.length; at += piece) summarizer.write(bytes.subarray(at, at + piece))
  return summarizer.finish('a@isp.example')
}

const MIXED = `From: "Ek, Anna" <Anna@ISP.example>, bert@isp.example
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= =?utf-8?B?IGFuIGFsbGU=?=
Received: from a
Received: from b
Message-ID: <1@x>
List-Id: <news.isp.example>
Content-Type: multipart/mixed; boundary="b1"

This is no part.
--b1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Look at http://Shop.Example=2Etop/x=3D1 and =C3=A4
--b1
Content-Type: application/octet-stream; name="invoice.pdf.exe"
Content-Transfer-Encoding: base64

TVqQ
--b1--
epilogue http://not.read.example
`

test('what a judgement needs is found, however the bytes come', () => {
  for (const piece of [1 << 20, 1, 13]) {
    const found = summary(MIXED, piece)
    assert.deepEqual(found.from, ['anna@isp.example', 'bert@isp.example'])
    assert.equal(found.subject, 'Grüße an alle')
    assert.equal(found.hops, 2)
    assert.equal(found.listId, '<news.isp.example>')
    assert.deepEqual(found.linkHosts, ['shop.example.top'])
    assert.deepEqual(found.attachments, ['invoice.pdf.exe'])
    assert.ok(found.text.includes('ä'))
  }
})

test('a subject that is not encoded is UTF-8 where it can be', () => {
  assert.equal(summary('Subject: grüße\n\n').subject, 'grüße')
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from('Subject: gr\xfc\xdfe\r\n\r\n', 'latin1'))
  assert.equal(summarizer.finish('').subject, 'grüße')
})

test('space and control characters before the equals sign of a parameter hide nothing, however many', () => {
  const between = [
    ' '.repeat(31),
    '\t'.repeat(40),
    ' '.repeat(5000),
    `*${'0'.repeat(35)}`,
    '\x0b',
    '\x1c ',
  ]
  for (const some of between) {
    const part = `Content-Disposition: attachment; filename${some}="evil.exe"\n\nx\n`
    assert.deepEqual(summary(`From: a@b.example\n${part}`).attachments, ['evil.exe'], some)
    if (some.startsWith('*')) continue
    const whole = `Content-Type: multipart/mixed; boundary${some}="b"\n\n--b\n${part}--b--\n`
    assert.deepEqual(summary(`From: a@b.example\n${whole}`).attachments, ['evil.exe'], some)
  }
})

test('two copies that differ in names and numbers have one fingerprint, two letters have two', () => {
  const copy = (name: string, n: number) =>
    summary(
      `From: a@isp.example\n\nDear ${name},\n\ncheap meds and watches, only ${n} dollars, order http://x.example/${n}\n`,
    )
  assert.equal(copy('Anna', 17).fingerprint, copy('Bert', 4212).fingerprint)
  assert.notEqual(
    copy('Anna', 17).fingerprint,
    summary('From: a@isp.example\n\nThe plumber comes on Thursday morning.\n').fingerprint,
  )
})

const PROGRAM = `Content-Type: application/octet-stream; name="invoice.exe"\n\nTVqQ\n`
const holding = (part: string) =>
  `From: a@isp.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part}--b--\n`

test('what stands in the header of a part behind a line that is no field is seen, and said', () => {
  assert.equal(summary(holding(PROGRAM)).unreadable, undefined)
  for (const line of [' x', 'junk', 'From a@b Thu', 'Na\0me: x', ': x']) {
    const found = summary(holding(`${line}\n${PROGRAM}`))
    assert.deepEqual(found.attachments.slice(0, 1), ['invoice.exe'], line)
    assert.deepEqual(found.unreadable, ['header'], line)
    // For other readers the body of the part begins there.
    const text = summary(holding(`${line}\nhttp://a.example/\n\nhttp://b.example/\n`))
    assert.deepEqual(text.linkHosts.toSorted(), ['a.example', 'b.example'])
  }
})

test('a part that is only text, without the empty line before it, is read as text', () => {
  for (const part of [
    'hi there\n',
    'hi there',
    'hi there\n\nand more\n',
    'Please note: all is well\n',
    'Content-Type: text/plain\nhi there\n',
  ]) {
    const found = summary(holding(part))
    assert.equal(found.unreadable, undefined, part)
    assert.ok(found.text.includes(part.trim().split('\n').at(-1) ?? ''), found.text)
  }
  assert.match(summary(holding('hi there\n\nand more\n')).text, /hi there\s+and more/)
  // Where some reader may find a field, it is not.
  for (const part of [
    `hi there\n${PROGRAM}`,
    `hi there\n\0${PROGRAM}`,
    `hi there\n  ${PROGRAM}`,
    `hi there\r${PROGRAM}`,
    `Content-Type: application/octet-stream;\nhi there\n name="invoice.exe"\n\nTVqQ\n`,
    'hi there\nSubject: x',
    ': x\n',
  ])
    assert.deepEqual(summary(holding(part)).unreadable, ['header'], part)
})

test('a header of a part over a limit is said to be', () => {
  for (const many of ['X-A: b\n'.repeat(1001), `X-A: ${'b'.repeat(300_000)}\n`])
    assert.deepEqual(summary(holding(`${many}${PROGRAM}`)).unreadable, ['header'])
})

const nested = (depth: number): string =>
  depth === 0
    ? 'Content-Type: text/plain\n\nx\n'
    : `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested(depth - 1)}\n--b${depth}--\n`
const parts = (count: number) =>
  `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(count)}--b--\n`

test('what could not be read to its end is said', () => {
  assert.equal(summary(MIXED).unreadable, undefined)
  assert.equal(summary(nested(32)).unreadable, undefined)
  assert.deepEqual(summary(nested(33)).unreadable, ['too-deep'])
  assert.equal(summary(parts(999)).unreadable, undefined)
  assert.deepEqual(summary(parts(1000)).unreadable, ['too-many-parts'])
  const links = (count: number) =>
    `Subject: x\n\n${Array.from({ length: count }, (_, i) => `http://${i}.example/\n`).join('')}`
  assert.equal(summary(links(1000)).unreadable, undefined)
  assert.deepEqual(summary(links(1001)).unreadable, ['too-many-links'])
})

test('reading a message has an end: decoding it again and again does not go on', () => {
  const coded =
    'Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n'.replaceAll(
      '=',
      '=3D',
    )
  const found = summary(`${coded.repeat(6)}Subject: x\n\n${'abc\n'.repeat(300_000)}`)
  assert.deepEqual(found.unreadable, ['large', 'too-much-work'])
  assert.equal(summary(`${coded.repeat(6)}Subject: x\n\nabc\n`).unreadable, undefined)
})

test('a boundary may be long', () => {
  for (const length of [70, 71, 72, 500]) {
    const boundary = 'b'.repeat(length)
    const near = `--${'b'.repeat(length - 1)}x`
    const found = summary(
      `Content-Type: multipart/mixed; boundary=${boundary}\n\n${near}\n--${boundary}\n\none\n${near}\n--${boundary}\nContent-Type: text/plain; name=a.txt\n\ntwo\n--${boundary}--\n`,
    )
    const text = `one\r\n${near}\r\n\ntwo\r\n\n`
    // Some cut a boundary off behind its eightieth letter: for them there is a part more.
    assert.equal(length < 81 ? found.text : found.text.slice(0, text.length), text)
    assert.deepEqual(found.attachments, ['a.txt'])
  }
})

test('hostile messages break nothing (what they cost is counted in test/cost/mail.test.ts)', () => {
  summary(nested(200))
  summary(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(100_000)}`)
  summary(
    `Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n${' '.repeat(900_000)}x\n`,
  )
  summary(`From: ${'<'.repeat(200_000)}\n\nx\n`)
  summary(`Subject: ${'=?utf-8?q?'.repeat(20_000)}\n\nx\n`)
  summary(`X: ${'a\n '.repeat(80_000)}\n\nx\n`)
  summary('')
  summary('\0'.repeat(10_000))
})

test('a wanted address is found in words of the header, in files, and in UTF-16', () => {
  const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
    Buffer.from(text, encoding).toString('base64')
  const link = '<a href="mailto:never.given@isp.example">'
  const encoded = 'Content-Transfer-Encoding: base64\r\n'
  const file = (name: string) => `Content-Disposition: attachment; filename=${name}\r\n${encoded}`
  for (const message of [
    'Reply-To: =?utf-8?q?never.given=40isp=2Eexample?=\r\n\r\nhi',
    `Reply-To: =?utf-8?b?${base64('never.given@isp.example')}?=\r\n\r\nhi`,
    `Content-Type: text/html; charset=utf-16le\r\n${encoded}\r\n${base64(link, 'utf16le')}`,
    `Content-Type: text/html\r\n${file('a.html')}\r\n${base64(link)}`,
    `Content-Type: application/octet-stream\r\n${file('a.vcf')}\r\n${base64('EMAIL:never.given@isp.example')}`,
    `Content-Type: application/pdf\r\n${encoded}\r\n${base64('/URI (mailto:never.given@isp.example)')}`,
  ]) {
    const summarizer = new Summarizer({ wanted: new Set(['never.given@isp.example']) })
    summarizer.write(Buffer.from(message))
    assert.deepEqual(summarizer.finish('a@far.example').named, ['never.given@isp.example'], message)
  }
})

test('what we put in front takes no room from what was judged', () => {
  const first = `From: a@isp.example\n${'X-A: b\n'.repeat(998)}Subject: last\n`
  const trace = 'Received: from x by mail.isp.example\n'.repeat(12)
  const again = summary(`${trace}${first}\nhello\n`)
  assert.deepEqual(
    [again.subject, again.unreadable, again.text],
    ['last', undefined, 'hello\r\n\n'],
  )
  const long = `From: a@isp.example\nX-A: ${'b'.repeat(255 * 1024)}\nSubject: last\n`
  const results = `Authentication-Results: mail.isp.example; ${'c'.repeat(15_000)}\n`
  assert.equal(summary(`${results}${trace}${long}\nhello\n`).subject, 'last')
})

function read(bytes: Buffer) {
  const summarizer = new Summarizer()
  summarizer.write(bytes)
  return summarizer.finish('a@b.example')
}

test('a file that a click opens as a message is read as one, whatever its type says', () => {
  const inner = 'From: a@b\r\nContent-Type: a/b; name="run.exe"\r\n\r\nMZ\r\n'
  const uuencoded = 'begin 644 run.exe\r\n#0V%T\r\n`\r\nend\r\n'
  const file = (name: string, content: string, type = 'application/octet-stream') =>
    `Content-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString('base64')}\r\n`
  for (const [name, content] of [
    ['fwd.eml', inner],
    ['Re: hello.EML', inner],
    ['fwd.eml. ', `\ufeff\r\n${inner}`],
    ['fwd.eml::$DATA', `From a@b Thu Jan  1 00:00:00 2026\r\n${inner}`],
    ['a.mht', inner],
    ['b.mhtml', `From: x\r\nContent-Type: message/rfc822\r\n\r\n${inner}`],
    ['c.uue', uuencoded],
    ['d.eml', file('e.eml', inner)],
  ] as const)
    for (const type of ['application/octet-stream', 'application/x-eml', 'text/plain']) {
      const { attachments, unreadable } = read(Buffer.from(file(name, content, type)))
      assert.ok(attachments.includes('run.exe'), `${name} ${type}`)
      assert.equal(unreadable, undefined, `${name} ${type}`)
    }
  // Other files are none.
  assert.deepEqual(read(Buffer.from(file('a.pdf', inner))).attachments, ['a.pdf'])
})

test('a link in flowing text goes on in the next line (RFC 3676)', () => {
  const found = summary(
    'Content-Type: text/plain; format=flowed; delsp=yes\n\nlook ht \ntp://evil.example/ there\nor http://evil.e \nxample.org/ here\n',
  )
  assert.ok(['evil.example', 'evil.example.org'].every(host => found.linkHosts.includes(host)))
})
