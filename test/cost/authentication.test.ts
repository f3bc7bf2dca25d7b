// Checking signatures takes work in proportion to the message, ten times at most: however many signatures it brings, however long its
// lines are, and however its header is folded.

import { steps } from './steps.ts'
import { assertLinear } from './growth.ts'
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { boundedMessage } from '../../src/drivers/authentication/bounded-message.ts'
import { nothingLeftOut } from '../../src/drivers/authentication/left-out.ts'
import { filled, pieces } from './inputs.ts'

type Verifier = { messageHeaders(parsed: unknown): unknown; nextChunk(chunk: Uint8Array): unknown }
type Parser = (header: Uint8Array) => unknown

const require = createRequire(import.meta.url)
const { DkimVerifier } = require('mailauth/lib/dkim/dkim-verifier') as {
  DkimVerifier: new (options: object) => Verifier
}
const { parseHeaders } = require('mailauth/lib/tools') as { parseHeaders: Parser }

const SIZES = [16, 32, 64, 128, 256, 512].map(kibibytes => kibibytes * 1024)
const [SMALLEST = 0, LARGEST = 0] = [SIZES[0], SIZES.at(-1)]

/** As it is read from a file, or slower. */
async function* read(message: Buffer) {
  yield* pieces(message, 4096)
}

async function shown(message: string): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const one of boundedMessage(read(Buffer.from(message)), { left: nothingLeftOut() }))
    all.push(one)
  return all
}

/** What mailauth does with a message, until it asks for keys. */
const verifying =
  ([header = Buffer.alloc(0), ...body]: readonly Uint8Array[]) =>
  () => {
    const verifier = new DkimVerifier({ strict: true })
    void verifier.messageHeaders(parseHeaders(header))
    for (const piece of body) void verifier.nextChunk(piece)
  }

const signatures = (count: number) =>
  Array.from(
    { length: count },
    (_, i) =>
      `DKIM-Signature:v=1;a=rsa-sha256;c=relaxed/relaxed;d=a.example;s=s;h=from;bh=x;b=x;l=${9e9 + i}\r\n`,
  ).join('')
const letter = (count: number, body: string) =>
  `${signatures(count)}From: a@attack.example\r\n\r\n${body}`

const BODIES: Readonly<Record<string, (size: number) => string>> = {
  'a line without an end': size => filled('a', size),
  'a line of spaces': size => filled(' \t', size),
  'long lines': size => filled(`${'a b '.repeat(1000)}\r\n`, size),
  'short lines': size => filled('a b  c d \r\n', size),
  'empty lines': size => filled('\r\n', size),
  'ends of lines that are none': size => filled('\r\r\n', size),
}

test('a body is read once for each signature, whatever its lines are', async () => {
  for (const [name, body] of Object.entries(BODIES)) {
    const made = new Map<number, readonly Uint8Array[]>()
    for (const size of SIZES) made.set(size, await shown(letter(10, body(size))))
    const prepare = (size: number) => verifying(made.get(size) ?? [])
    assertLinear(name, { from: SMALLEST, upTo: LARGEST, perUnit: 400, prepare })
  }
})

test('more signatures are not more work', async () => {
  const body = filled('a b  c d \r\n', 65_536)
  const ten = steps(verifying(await shown(letter(10, body))))
  const many = steps(verifying(await shown(letter(900, body))))
  assert.ok(many < ten * 1.1, `${ten} steps for ten signatures, ${many} for 900`)
})

test('a long From, or many of them, is not read', async () => {
  const one = steps(verifying(await shown(letter(1, ''))))
  for (const unit of ['a,', 'a@b,', '"a@b" ', 'a <x@y>,']) {
    const from = `From: ${filled(unit, 9800)}\r\n`
    const many = steps(verifying(await shown(from.repeat(25) + letter(1, ''))))
    assert.ok(many < one * 10, `${one} steps without, ${many} with ${unit}`)
  }
})

test('mailauth gets no name that takes it long to write in A-labels', async () => {
  const foreign = (count: number) =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(0x4e00 + i)).join('')
  const signature = (name: string, tags: string) =>
    `${name}: a=rsa-sha256; c=relaxed/relaxed; s=s; h=from; bh=x; b=x; ${tags}\r\n`
  const FIELDS = {
    'a signer': signature('DKIM-Signature', `d=${foreign(2600)}.example`),
    'a user': signature('DKIM-Signature', `d=b.example; i=@${foreign(2600)}.b.example`),
    'a selector': signature('DKIM-Signature', `d=b.example; s=${foreign(2600)}`),
    'a seal': signature('ARC-Seal', `i=1; cv=none; d=${foreign(2600)}.example`),
    'a signer of marks': signature('DKIM-Signature', `d=a${'\u0323'.repeat(3900)}.example`),
    'an author': `From: a@${foreign(3000)}.example\r\n`,
    'an encoded author': `From: =?utf-8?q?a=40${encodeURI(foreign(900)).replaceAll('%', '=')}?=\r\n`,
  }
  for (const [name, field] of Object.entries(FIELDS)) {
    const seen = Buffer.concat(await shown(`${field.repeat(10)}Subject: \r\n\r\nhello`))
    assert.ok(!/[^\0-\x7f]|=\?/.test(seen.toString('latin1')), name)
  }
  const honest = `${signature('DKIM-Signature', 'd=b\u00fccher.example; i=@b\u00fccher.example')}From: "${foreign(60)}" <a@b\u00fccher.example>\r\n`
  const seen = Buffer.concat(await shown(`${honest.repeat(3)}\r\nhello`)).toString()
  assert.equal(seen.split('\u00fc').length, 10)
})

test('a header is read once, however it is folded', async () => {
  const made = new Map<number, readonly Uint8Array[]>()
  for (const size of SIZES) made.set(size, await shown(`A: b\r\n${filled(' \r\n', size)}\r\nhello`))
  const prepare = (size: number) => verifying(made.get(size) ?? [])
  assertLinear('folded', { from: SMALLEST, upTo: 256 * 1024, perUnit: 5000, prepare })
})

test('without bounds it is seen to be more', async () => {
  const unbounded = (size: number) => {
    const header = Buffer.from(letter(10, ''))
    return verifying([header, ...pieces(Buffer.from(filled('a', size)), 4096)])
  }
  const growing = { from: SMALLEST, upTo: LARGEST, perUnit: 1e9, prepare: unbounded }
  assert.throws(() => assertLinear('line', growing), /line: \d+ steps at/)
  const body = Buffer.from(filled('a b  c d \r\n', 65_536))
  const of = (count: number) => steps(verifying([Buffer.from(letter(count, '')), body]))
  assert.ok(of(40) > of(10) * 3)
  const folded = (size: number) =>
    verifying([Buffer.from(`A: b\r\n${filled(' \r\n', size)}\r\n\r\n`)])
  const more = { from: 1024, upTo: 32_768, perUnit: 1e9, prepare: folded }
  assert.throws(() => assertLinear('folded', more), /folded: \d+ steps at/)
})
