// A file in a winmail.dat is read as one that is attached: by its name and by its bytes, and its texts are asked for links.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  ATTACH_DATA,
  BINARY,
  begun,
  content,
  fileIn,
  HTML_BODY,
  LONG_NAME,
  messageIn,
  MIME_TAG,
  named,
  ofAttachment,
  ofMessage,
  PLAIN_BODY,
  property,
  RTF_BODY,
  STRING,
  titled,
  UNICODE,
  winmail,
  words,
} from '../../../test/support/winmail.ts'
import { Summarizer } from '../summary.ts'

const head = (extra = '') =>
  `From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n${extra}\r\n`

function read(bytes: Buffer, most?: number) {
  const message = Buffer.from(head() + bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n'))
  const summarizer = new Summarizer(most === undefined ? {} : { most })
  summarizer.write(message)
  const summary = summarizer.finish('a@isp.example')
  return { ...summary, archives: summarizer.archives }
}

const EXE = Buffer.from('MZ and more')
const LETTER = Buffer.from(
  'From: x@y.example\r\nContent-Type: a/b; name=run.exe\r\n\r\nMZ and more',
)
const PACKED = gzipSync('what is in it')
const BIG = Buffer.alloc(100_000, 'photo ')
const holds = (archives: readonly { bytes: Uint8Array }[], bytes: Buffer) =>
  archives.some(one => bytes.equals(one.bytes))

test('an archive in a winmail.dat is looked into, wherever it stands', () => {
  for (const [what, bytes] of Object.entries({
    alone: winmail(fileIn('invoice.tgz', PACKED)),
    'before a large file': winmail(fileIn('invoice.tgz', PACKED), fileIn('photo.jpg', BIG)),
    'behind one': winmail(fileIn('photo.jpg', BIG), fileIn('invoice.tgz', PACKED)),
    'under the name of a text': winmail(fileIn('invoice.txt', PACKED)),
    'without a beginning': winmail(titled('invoice.tgz'), content(PACKED)),
    'its name behind it': winmail(begun(), content(PACKED), titled('invoice.tgz')),
    'in a property': winmail(
      begun(),
      ofAttachment(
        property(ATTACH_DATA, BINARY, PACKED),
        property(LONG_NAME, STRING, named('invoice.tgz')),
      ),
    ),
    'two in one place': winmail(begun(), content(EXE), content(PACKED)),
  })) {
    const { archives, unreadable } = read(bytes)
    assert.ok(holds(archives, PACKED), what)
    assert.equal(unreadable, undefined, what)
  }
})

test('so is a message in it: a file, one that Outlook attached, and by its type', () => {
  for (const [what, bytes] of Object.entries({
    'letter.eml': winmail(fileIn('letter.eml', LETTER)),
    'a winmail.dat': winmail(fileIn('winmail.dat', winmail(fileIn('run.exe', EXE)))),
    'a message': winmail(messageIn(winmail(fileIn('run.exe', EXE)))),
    'a message in a message': winmail(
      messageIn(winmail(messageIn(winmail(fileIn('run.exe', EXE))))),
    ),
    'message/rfc822': winmail(
      begun(),
      titled('letter'),
      content(LETTER),
      ofAttachment(property(MIME_TAG, STRING, named('message/rfc822'))),
    ),
    'files in uuencode': winmail(
      fileIn('a.uue', Buffer.from('begin 644 run.exe\n#0V%T\n`\nend\n')),
    ),
    'a calendar': winmail(
      fileIn('a.ics', Buffer.from('ATTACH;ENCODING=BASE64;X-FILENAME=run.exe:TVo=')),
    ),
  })) {
    const { attachments, unreadable } = read(bytes)
    assert.ok(attachments.includes('run.exe'), `${what}: ${attachments}`)
    assert.equal(unreadable, undefined, what)
  }
  const { archives } = read(winmail(messageIn(winmail(fileIn('a.tgz', PACKED), fileIn('b', BIG)))))
  assert.ok(holds(archives, PACKED))
})

test('what is broken, or too deep, in one of its files is said', () => {
  const broken = winmail(fileIn('run.exe', EXE)).subarray(0, -9)
  for (const inner of [messageIn(broken), fileIn('winmail.dat', broken)])
    assert.deepEqual(read(winmail(inner)).unreadable, ['archive'])
  let deep = winmail(fileIn('run.exe', EXE))
  for (let i = 0; i < 40; i++) deep = winmail(messageIn(deep))
  assert.deepEqual(read(deep).unreadable, ['too-deep'])
  const many = Array.from({ length: 1200 }, () => fileIn('a.txt', EXE))
  assert.deepEqual(read(winmail(...many)).unreadable, ['too-many-parts'])
})

test('of a winmail.dat that goes on behind what is read the last file is cut, not damaged', () => {
  const whole = winmail(fileIn('a.txt', EXE), fileIn('invoice.tgz', Buffer.concat([PACKED, BIG])))
  const { archives, unreadable } = read(whole, 50_000)
  assert.deepEqual(unreadable, ['large'])
  assert.deepEqual(
    archives.map(({ name, cut }) => [name, cut]).filter(([name]) => name === 'invoice.tgz'),
    [['invoice.tgz', 'large']],
  )
})

test('links in its texts are found: plain, HTML, RTF', () => {
  const link = '<a href="http://hidden.example/">'
  const packed = Buffer.concat([
    words(12 + RTF.length, RTF.length, 0x414c454d, 0),
    Buffer.from(RTF, 'latin1'),
  ])
  for (const [what, one] of Object.entries({
    plain: property(PLAIN_BODY, STRING, Buffer.from('http://hidden.example/\0')),
    'in UTF-16': property(PLAIN_BODY, UNICODE, Buffer.from('http://hidden.example/\0', 'utf16le')),
    HTML: property(HTML_BODY, BINARY, Buffer.from(link)),
    RTF: property(RTF_BODY, BINARY, packed),
    'RTF that is packed': property(RTF_BODY, BINARY, SAMPLE),
  })) {
    const host = one.includes(SAMPLE) ? 'world' : 'hidden.example'
    for (const bytes of [winmail(ofMessage(one)), winmail(messageIn(winmail(ofMessage(one))))]) {
      const { linkHosts, text, unreadable } = read(bytes)
      assert.ok(host === 'world' ? text.includes('hello world') : linkHosts.includes(host), what)
      assert.equal(unreadable, undefined, what)
    }
  }
})

/** A letter by its number, an escape in Unicode, a group and a line end in the host. */
const RTF =
  '{\\rtf1\\ansi{\\field{\\*\\fldinst{HYPERLINK "http://hid\\\'64en{}.ex\r\nam\\u112?le/"}}}\\par x}'
/** [MS-OXRTFCP] §4.1.1: `{\rtf1\ansi\ansicpg1252\pard hello world}`. */
const SAMPLE = Buffer.from(
  '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
  'hex',
)

test('RTF that does not unpack to what it says is unreadable', () => {
  for (const packed of [SAMPLE.subarray(0, 30), SAMPLE.subarray(0, 8), Buffer.alloc(40)]) {
    const { unreadable } = read(winmail(ofMessage(property(RTF_BODY, BINARY, packed))))
    assert.deepEqual(unreadable, ['archive'])
  }
})
