import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Summarizer } from '../../mail/summary.ts'
import {
  DAMAGED,
  type MessageSummary,
  TOO_LARGE,
  TOO_MUCH,
  type Unreadable,
} from '../../model/message.ts'
import type { AttributedStep } from '../../model/step.ts'
import { unreadWords } from '../../model/unread-words.ts'
import { unreadable } from './unreadable.ts'

const MIB = 1024 * 1024

function read(message: string, sender = 'ann@meadow.example'): MessageSummary {
  const summarizer = new Summarizer()
  summarizer.write(Buffer.from(message.replaceAll('\n', '\r\n'), 'latin1'))
  return summarizer.finish(sender)
}

function decided(
  found: Partial<MessageSummary>,
  { large = 'accept', to = ['anna@isp.example'] }: { large?: 'accept' | 'reject'; to?: string[] },
): string {
  const step: Partial<AttributedStep> = {
    stage: 'message',
    message: found as MessageSummary,
    recipients: to,
  }
  return (
    unreadable('enforce', { large }).decide(step as AttributedStep, { facts: [], readings: [] })
      ?.kind ?? 'accept'
  )
}

function helped(found: Partial<MessageSummary>, large: 'accept' | 'reject' = 'reject'): string {
  const step = { stage: 'message', message: found, recipients: ['anna@isp.example'] }
  const verdict = unreadable('enforce', { large }).decide(step as unknown as AttributedStep, {
    facts: [],
    readings: [],
  })
  return verdict?.kind === 'reject' ? (verdict.help ?? '') : ''
}

const withPart = (part: string) =>
  `From: a@isp.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n${part}\n--b--\n`

test('mail that is only large is taken, and refused where the operator says so; what is damaged is refused', () => {
  const long = read(`Subject: x\n\n${'many words\n'.repeat(200_000)}`)
  assert.ok(long.size > MIB)
  assert.deepEqual(long.unreadable, ['large'])
  assert.equal(decided(long, {}), 'accept')
  assert.equal(decided(long, { large: 'reject' }), 'reject')
  const odd = read(withPart('junk\nContent-Type: application/zip; name=a.exe\n\nMZ\n'))
  assert.deepEqual(odd.unreadable, ['header'])
  assert.equal(decided(odd, {}), 'reject')
  assert.equal(decided({ unreadable: ['large-archive'] }, {}), 'accept')
  assert.equal(decided({ unreadable: ['large-archive'] }, { large: 'reject' }), 'reject')
  assert.equal(decided({ unreadable: ['large', 'archive'] }, {}), 'reject')
})

/** What list servers, shops and people who forward make every day. */
const DIGEST = `Content-Type: multipart/digest; boundary=d\n\n${Array.from({ length: 80 }, (_, i) => `--d\nContent-Type: message/rfc822\n\nFrom: p${i}@x.example\nSubject: topic ${i}\nContent-Type: multipart/alternative; boundary=a${i}\n\n--a${i}\nContent-Type: text/plain\n\nyes\n--a${i}\nContent-Type: text/html\n\n<p>yes</p>\n--a${i}--\n`).join('')}--d--\n`
const NEWSLETTER = `Content-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html\n\n<p>x</p>\n${Array.from({ length: 300 }, (_, i) => `--r\nContent-Type: image/png; name="i${i}.png"\nContent-Disposition: inline; filename="i${i}.png"\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n`).join('')}--r--\n`
function forwarded(times: number, text: string): string {
  if (times === 0) return `Content-Type: text/plain\n\n${text}\n`
  const inner = forwarded(times - 1, text)
  return `Subject: Fwd\nContent-Type: multipart/mixed; boundary=m${times}\n\n--m${times}\nContent-Type: multipart/alternative; boundary=n${times}\n\n--n${times}\n\nsee\n--n${times}\nContent-Type: text/html\n\n<p>see\n--n${times}--\n--m${times}\nContent-Type: message/rfc822\n\n${inner}\n--m${times}--\n`
}

test('a digest, a newsletter with pictures and what was forwarded again and again are read to their end', () => {
  const text = 'a line of text\n'.repeat(10_000)
  for (const message of [DIGEST, NEWSLETTER, forwarded(10, text), forwarded(15, 'see')])
    assert.equal(read(message).unreadable, undefined, message.slice(0, 60))
})

test('more parts than are read, deeper ones, and more names are refused: behind them a file would hide', () => {
  for (const what of TOO_MUCH)
    for (const large of ['accept', 'reject'] as const)
      assert.equal(decided({ unreadable: [what] }, { large }), 'reject', what)
})

test('each refusal says in its own words what it is about, and what to do', () => {
  const said = new Set<string>()
  for (const what of [...DAMAGED, ...TOO_MUCH, ...TOO_LARGE]) {
    const help = helped({ unreadable: ['quoted', what] })
    assert.match(help, /^[\x20-\x7e]{20,200}; [a-z][\x20-\x7e]{10,100}$/, what)
    said.add(help)
  }
  assert.equal(said.size, DAMAGED.length + TOO_MUCH.length + TOO_LARGE.length)
  assert.doesNotMatch(helped({ unreadable: ['too-many-parts'] }), /damaged|attachment/)
  const unlisted = { archive: 'Truncated \u00e9\n input', 'large-archive': 'x' }
  const help = helped({ unreadable: ['large-archive', 'archive'], unlisted }, 'accept')
  assert.match(help, /cannot be read: Truncated \?\? input; /)
  assert.doesNotMatch(help, /: x/, 'what is not refused is not said')
})

test('a message for which there was no time to list its archives is deferred', () => {
  assert.equal(decided({ unreadable: ['busy'] }, {}), 'defer')
  assert.equal(decided({ unreadable: ['busy', 'archive'] }, {}), 'reject')
})

test('the postmaster gets all of it, but no recipient beside the postmaster', () => {
  const unreadable: Unreadable[] = ['archive', 'busy']
  assert.equal(decided({ unreadable }, { to: ['postmaster@isp.example'] }), 'accept')
  assert.equal(decided({ unreadable }, { to: ['abuse@isp.example'] }), 'accept')
  const both = ['abuse@isp.example', 'anna@isp.example']
  assert.equal(decided({ unreadable }, { to: both }), 'reject')
})

const bounce = (returned: string) =>
  `Content-Type: multipart/report; report-type=delivery-status; boundary=r

--r
Content-Type: text/plain

Your message could not be delivered.
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.meadow.example
--r
${returned}
--r--
`

test('a bounce may return a message that is cut short anywhere', () => {
  const quoted = `Content-Type: message/rfc822\n\n${withPart('junk\nContent-Type: text/plain\n\nx\n')}`
  for (const returned of [
    quoted,
    'Content-Type: text/rfc822-headers\n\nSubject: x',
    `Content-Type: message/rfc822\n\n${withPart(`Content-Type: multipart/mixed; boundary=c\n\n${'--c\n\nx\n'.repeat(1500)}`)}`,
  ]) {
    const found = read(bounce(returned), '')
    assert.ok(found.unreadable === undefined || found.unreadable.join() === 'quoted')
    assert.equal(decided(found, { large: 'reject' }), 'accept')
  }
  // Not of what claims to be a bounce, and has a sender; nor of its other parts.
  assert.deepEqual(read(bounce(quoted)).unreadable, ['header'])
  const text = 'Content-Type: text/plain'
  assert.deepEqual(read(bounce(quoted).replace(text, `junk\n${text}`), '').unreadable, [
    'header',
    'quoted',
  ])
  const summarizer = new Summarizer()
  summarizer.write(
    Buffer.from(
      bounce(
        `Content-Type: message/rfc822\n\n${withPart('Content-Type: application/zip; name=a.zip\n\nPK\x03\x04')}`,
      ),
    ),
  )
  summarizer.finish('')
  assert.deepEqual(
    summarizer.archives.map(({ cut }) => cut),
    ['quoted'],
  )
})

test('more archives than are listed are many, not damaged', () => {
  const files = Array.from(
    { length: 25 },
    (_, i) => `--b\nContent-Type: application/zip; name=${i}.zip\n\nPK\x03\x04\n`,
  )
  const found = read(`Content-Type: multipart/mixed; boundary=b\n\n${files.join('')}--b--\n`)
  assert.deepEqual(found.unreadable, ['large-archive'])
})

test('a character set that is not known here is named, and nothing else is said to be wrong', () => {
  const found = read('Content-Type: text/plain; charset=iso-2022-cn\n\n\x1b$)G\x0e!a\n')
  assert.equal(
    helped(found),
    'its text, or the name of a file, is in a character set that is not known here: iso-2022-cn; send it as UTF-8',
  )
})

test('what is said of an archive is said once, and nothing else of it', () => {
  for (const detail of [
    'empty.gz: there is nothing in it',
    'disk.iso: it has the name of an archive, and is none',
  ])
    assert.equal(
      unreadWords('archive', { unlisted: { archive: detail } }),
      `an archive in it cannot be read: ${detail}`,
    )
})
