// What Python's email package (both its policies) and postal-mime see in the parts of a delivered message, we have seen: authors,
// recipients, names of files, text. Or we said that more of it is there than we read. First it finds what was planted: of
// each way of writing a part that some of them can read, that we cannot.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { secondReader, type SecondReadings } from '../support/second-reader.ts'
import { takenIn } from '../support/taken-in.ts'
import { MARK, oddParts } from './odd-parts.ts'
import { marksIn, moreOf, type Others, othersRead, type Ours as SeenByUs } from './seen-parts.ts'

/** Without it so many batches from one seed: runs of minutes still find odd digests and doubled quotes that the readers see otherwise. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 5
const SEED = fuzzSeed(1)
const BATCH = 100
/** Messages in which every planted bug shows. */
const PLANTED = 2000

type OursWithKinds = SeenByUs & { readonly kinds: ReadonlyMap<string, readonly string[]> }

/** As it is judged and kept; undefined when it was refused for its form. */
async function readByUs(luck: Random): Promise<OursWithKinds | undefined> {
  const { message, kinds } = oddParts(luck)
  const taken = await takenIn([message])
  return taken && { summary: taken.summary, delivered: taken.stored, kinds }
}

const python = secondReader()
after(() => python.stop())

type ReadTwice = { readonly ours: OursWithKinds; readonly others: Others }

async function readings(seed: number, messages: number): Promise<readonly ReadTwice[]> {
  const luck = random(String(seed))
  const found: ReadTwice[] = []
  for (let done = 0; done < messages; done += BATCH) {
    const all: OursWithKinds[] = []
    for (let i = 0; i < BATCH; i++) {
      const ours = await readByUs(luck)
      if (ours) all.push(ours)
    }
    const pythons = await python.read(all.map(({ delivered }) => delivered))
    for (const [i, ours] of all.entries()) {
      const others = await othersRead(ours.delivered, pythons[i] as SecondReadings)
      found.push({ ours, others })
    }
  }
  return found
}

/** The first message in which somebody sees more than we. */
function moreThanOurs(read: readonly ReadTwice[]): string | undefined {
  for (const { ours, others } of read) {
    const more = moreOf(others, ours)
    if (more !== undefined) return more
  }
  return undefined
}

/** As if what is written so were not read. */
function blindTo(kind: string, ours: OursWithKinds): OursWithKinds {
  const isHidden = (mark: string) => ours.kinds.get(mark)?.includes(kind) ?? false
  const { text, attachments } = ours.summary
  return {
    ...ours,
    summary: {
      ...ours.summary,
      text: text.replaceAll(MARK, mark => (isHidden(mark) ? '' : mark)),
      attachments: attachments.filter(name => !marksIn([name]).some(isHidden)),
    },
  }
}

/** What some reader reads, and we would not: found each. What none of the three reads is shown in src/mail/mime/walk.test.ts alone. */
const PLANTED_KINDS = [
  'name: filename, plain',
  'name: filename, quoted',
  'name: name',
  'name: with a star',
  'name: in pieces',
  'name: in pieces, in reverse order',
  'name: in pieces, one of another parameter',
  'name: in pieces, a gap',
  'name: a comment in its name',
  'name: a quote that does not close',
  'name: no semicolon',
  'name: two of them',
  'name: two of them, the second',
  'name: a star beside none',
  'name: a comment',
  'name: a comment in it',
  'name: escapes',
  'name: a word',
  'name: a word in UTF-16',
  'name: a mark in a word',
  'name: a mark in a word of UTF-32',
  'name: a dot of Arabic',
  'name: a quote in the middle',
  'name: a quote in the middle, a comma',
  'name: many dots',
  'name: two fields',
  'name: two types',
  'name: space before the colon',
  'charset: utf-16le',
  'charset: utf-16be',
  'charset: utf-7',
  'charset: iso-2022-jp',
  'charset: two of them',
  'encoding: base64',
  'encoding: base64, quoted',
  'encoding: base64, a semicolon',
  'encoding: base64, a comment',
  'encoding: base64, padded in the middle',
  'encoding: base64 with other signs',
  'encoding: base64, then another',
  'encoding: quoted-printable',
  'encoding: x-uuencode',
  'boundary: a space at its end',
  'boundary: a space at its end and in its lines',
  'boundary: two of them',
  'boundary: two of them, the second',
  'boundary: a quote that does not close',
  'boundary: a comment',
  'boundary: in pieces',
  'boundary: with a star',
  'boundary: with a star and quotes',
  'boundary: a comment in its name',
  'boundary: an escape',
  'boundary: a space in it',
  'type: multipart/digest',
  'type: "multipart/mixed"',
  'type: message/rfc822',
  'type: message/global',
  'type: message/partial',
  'type: message/external-body; access-type=URL',
  'type: message/delivery-status',
  'type: message/disposition-notification',
  'type: Message/Feedback-Report',
  'type: message/global-delivery-status; charset=utf-8',
] as const

test('in the messages with which planted bugs are found nothing else is found', async t => {
  const read = await readings(7, PLANTED)
  assert.equal(moreThanOurs(read), undefined)
  const unseen = PLANTED_KINDS.filter(
    kind => !moreThanOurs(read.map(({ ours, others }) => ({ ours: blindTo(kind, ours), others }))),
  )
  assert.deepEqual(unseen, [], 'planted, and not found')
  t.diagnostic(`${PLANTED_KINDS.length} ways of writing`)
})

test('nobody sees more of the parts than we', async t => {
  const until = Date.now() + SECONDS * 1000
  let messages = 0
  for (let seed = SEED; seed < SEED + BATCHES || Date.now() < until; seed++) {
    const more = moreThanOurs(await readings(seed, BATCH))
    if (more !== undefined) throw new Error(`CORDON_FUZZ_SEED=${seed}: ${more}`)
    messages += BATCH
  }
  t.diagnostic(`${messages.toLocaleString('en')} messages, from seed ${SEED}`)
})
