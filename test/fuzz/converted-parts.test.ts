// A message that is converted for a server without 8BITMIME has the parts, the names and the bodies, decoded, that it has as it is kept: by
// Python's email package, and by ours. In the lines of its texts boundaries, fields and names stand where a line may be broken.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { asSent } from '../../src/mail/as-sent.ts'
import { isSevenBit } from '../../src/mail/seven-bit.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import { conversionOf, converted } from '../../src/mail/to-seven-bit.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { takenIn } from '../support/taken-in.ts'
import { oddParts } from './odd-parts.ts'

/** Without it so many batches from one seed. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 5
const SEED = fuzzSeed(1)
const BATCH = 200

/** What may stand where a line is broken. */
const BROKEN = [
  '--b',
  '--b1',
  '--bb--',
  '--b--',
  ' evil.exe',
  'Content-Disposition: attachment; filename=evil.exe',
  'begin 644 evil.exe',
  '.',
  'From x',
  '=',
  '\xa0',
] as const
/** And behind a boundary. */
const BEHIND = ['', '\xa0', '\x0b', '\x0c', '\x1c', ' \t', 'x', '\xfc'] as const

/** Some octets above 127, and lines that are as long as a line of quoted-printable. */
function withLongLines(message: Buffer, luck: Random): Buffer {
  const lines = message.toString('latin1').split('\r\n')
  const body = lines.indexOf('') + 1
  if (body === 0) return message
  for (let left = 1 + luck.below(6); left > 0; left--) {
    const at = body + luck.below(lines.length - body + 1)
    const long = luck
      .pick(['x', '-', ' ', 'ab ', '='])
      .repeat(80)
      .slice(0, 66 + luck.below(14))
    const line = luck.chance(0.6) ? long + luck.pick(BROKEN) : luck.pick(BROKEN) + luck.pick(BEHIND)
    lines.splice(at, 0, ...(luck.chance(0.7) ? ['gr\xc3\xbc\xc3\x9fe', line] : [line]))
  }
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

const python = (messages: readonly Buffer[]): unknown[] => {
  const { stdout, status } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'parts-and-bodies.py')],
    { input: messages.map(one => `${one.toString('base64')}\n`).join(''), maxBuffer: 2 ** 28 },
  )
  assert.equal(status, 0)
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** Undefined where it cannot be converted, or need not. */
async function both(raw: Buffer): Promise<readonly [kept: Buffer, sent: Buffer] | undefined> {
  const taken = await takenIn([raw])
  if (!taken || isSevenBit(taken.stored)) return undefined
  const stored = async function* () {
    yield taken.stored
  }
  if ('why' in (await conversionOf(stored()))) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of converted(stored())) pieces.push(piece)
  return [taken.stored, Buffer.concat(pieces)].map(one => asSent(one, 'ours') ?? one) as [
    Buffer,
    Buffer,
  ]
}

function ours(message: Buffer) {
  const summarizer = new Summarizer()
  summarizer.write(message)
  const { attachments, linkHosts } = summarizer.finish('x@y.example')
  return { attachments, linkHosts }
}

/** How many were converted; the first in which something else is found. */
async function converting(seed: number): Promise<readonly [count: number, other?: string]> {
  const luck = random(String(seed))
  const all: (readonly [kept: Buffer, sent: Buffer])[] = []
  for (let i = 0; i < BATCH; i++) {
    const pair = await both(withLongLines(oddParts(luck).message, luck))
    if (pair) all.push(pair)
  }
  const read = python(all.flat())
  for (const [i, [kept, sent]] of all.entries()) {
    const [before, after] = [read[2 * i], read[2 * i + 1]].map(one => JSON.stringify(one))
    const told = () =>
      `${before}\n${after}\n${kept.toString('latin1')}\n=====\n${sent.toString('latin1')}`
    if (before !== after) return [all.length, told()]
    const known = ours(kept)
    const found = ours(sent)
    const more = found.attachments.filter(name => !known.attachments.includes(name))
    if (more.length > 0) return [all.length, `${JSON.stringify(more)}\n${told()}`]
  }
  return [all.length]
}

test('a converted message has the parts and the bodies that it has as it is kept', async t => {
  const until = Date.now() + SECONDS * 1000
  let count = 0
  for (let seed = SEED; seed < SEED + BATCHES || Date.now() < until; seed++) {
    const [some, other] = await converting(seed)
    if (other !== undefined) throw new Error(`CORDON_FUZZ_SEED=${seed}: ${other}`)
    count += some
  }
  assert.ok(count > BATCHES * 10, `only ${count} were converted`)
  t.diagnostic(`${count.toLocaleString('en')} converted, from seed ${SEED}`)
})
