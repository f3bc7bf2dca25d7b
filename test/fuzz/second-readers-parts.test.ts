// What Python's email package (both its policies) and postal-mime see in the parts of a delivered message, we have seen: authors,
// recipients, names of files, text. Or we said that more of it is there than we read. First it finds what was planted: of
// each way of writing a part that some of them can read, that we cannot.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import PostalMime, { type Address } from 'postal-mime'
import { fileExtension } from '../../src/mail/file-extension.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import type { MessageSummary } from '../../src/model/message.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { secondReader } from '../support/second-reader.ts'
import { takenIn } from '../support/taken-in.ts'
import { MARK, NAMED, oddParts } from './odd-parts.ts'

/** Without it so many batches from one seed: runs of minutes still find odd digests and doubled quotes that the readers see otherwise. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 5
const SEED = fuzzSeed(1)
const BATCH = 100
/** Messages in which every planted bug shows. */
const PLANTED = 2000

type Seen = {
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly files: readonly string[]
  readonly marks: readonly string[]
}
type Ours = {
  readonly summary: MessageSummary
  readonly delivered: Buffer
  readonly kinds: ReadonlyMap<string, readonly string[]>
}

const marksIn = (texts: readonly string[]) => texts.flatMap(text => text.match(MARK) ?? [])
const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')

/** As it is judged and kept; undefined when it was refused for its form. */
async function readByUs(luck: Random): Promise<Ours | undefined> {
  const { message, kinds } = oddParts(luck)
  const taken = await takenIn([message])
  return taken && { summary: taken.summary, delivered: taken.stored, kinds }
}

/** The reader of addresses is asked whether it finds these in the same bytes. */
function named(delivered: Buffer, wanted: readonly string[]): readonly string[] {
  const summarizer = new Summarizer(new Set(wanted))
  summarizer.write(delivered)
  return summarizer.finish('x@y.example').named ?? []
}

async function postalMimeReads(delivered: Buffer): Promise<Seen> {
  const nothing = { from: [], to: [], files: [], marks: [] }
  const email = await PostalMime.parse(delivered, { attachmentEncoding: 'arraybuffer' }).catch(
    () => undefined,
  )
  if (!email) return nothing
  const { from, to = [], cc = [], bcc = [], replyTo = [], attachments } = email
  const flat = (all: readonly Address[]) =>
    all.flatMap(({ address, group }) => [address, ...(group ?? []).map(one => one.address)])
  const isText = (type: string) => type.startsWith('text/')
  return {
    from: flat(from ? [from] : []).filter(one => one !== undefined),
    to: flat([...to, ...cc, ...bcc, ...replyTo]).filter(one => one !== undefined),
    files: attachments.flatMap(({ filename }) => filename ?? []),
    marks: marksIn([
      email.text ?? '',
      email.html ?? '',
      ...attachments.map(({ content, mimeType }) =>
        isText(mimeType) ? Buffer.from(content as ArrayBuffer).toString('utf8') : '',
      ),
    ]),
  }
}

const LIMITS = ['too-deep', 'too-many-parts', 'too-many-names', 'too-much-work'] as const
const isSaid = ({ unreadable = [] }: MessageSummary) => LIMITS.some(one => unreadable.includes(one))

/** A name by what rules look at, its extension, and by its mark: programs show quotes and comments round it as they like. */
const judgedAs = (all: string): string => {
  const name = all.replaceAll('\0', '')
  const extension = fileExtension(name.replaceAll(/["')\s]+$/g, '')) ?? ''
  return `${marksIn([name]).join(' ')}.${extension.replaceAll(/[\s"\\]/g, '').toLowerCase()}`
}

/** A word without a domain names nobody, and what is no address of RFC 5321 is never wanted. */
const isAddress = (text: string) => /^[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+$/.test(text)

/** What of theirs is not ours. */
function missed(theirs: Seen, { summary, delivered }: Ours): readonly string[] {
  if (isSaid(summary)) return []
  // Where a byte of the mark was changed there is only the extension.
  const names = new Set(
    summary.attachments.map(judgedAs).flatMap(one => [one, one.slice(one.indexOf('.'))]),
  )
  const texts = new Set(marksIn([summary.text]))
  const lower = (all: readonly string[]) => all.filter(isAddress).map(one => one.toLowerCase())
  // Of an address that came about by a changed byte nobody asks.
  const to = lower(theirs.to).filter(one => NAMED.includes(one))
  const found = named(delivered, to)
  return [
    // What has no extension, or other signs in it, starts nothing.
    ...theirs.files
      .filter(name => !names.has(judgedAs(name)) && /^[^.]*\.[\w-]+$/.test(judgedAs(name)))
      .map(name => `name ${name}`),
    ...theirs.marks.filter(mark => !texts.has(mark)).map(mark => `text ${mark}`),
    ...to.filter(one => !found.includes(one)).map(one => `recipient ${one}`),
    ...(summary.unclearFrom ? [] : lower(theirs.from))
      .filter(one => !summary.from.includes(one.replace(/\.$/, '')))
      .map(one => `author ${one}`),
  ]
}

const python = secondReader()
after(() => python.stop())

type Read = { readonly ours: Ours; readonly others: Readonly<Record<string, Seen>> }

async function readings(seed: number, messages: number): Promise<readonly Read[]> {
  const luck = random(String(seed))
  const found: Read[] = []
  for (let done = 0; done < messages; done += BATCH) {
    const all: Ours[] = []
    for (let i = 0; i < BATCH; i++) {
      const ours = await readByUs(luck)
      if (ours) all.push(ours)
    }
    const pythons = await python.read(all.map(({ delivered }) => delivered))
    for (const [i, ours] of all.entries()) {
      const others: Record<string, Seen> = { 'postal-mime': await postalMimeReads(ours.delivered) }
      for (const [name, { from, to, files, texts }] of Object.entries(pythons[i] ?? {}))
        others[name] = { from, to, files: files.map(utf8), marks: marksIn(texts) }
      found.push({ ours, others })
    }
  }
  return found
}

/** The first message in which somebody sees more than we. */
function moreThanOurs(read: readonly Read[]): string | undefined {
  for (const { ours, others } of read)
    for (const [name, theirs] of Object.entries(others)) {
      const more = missed(theirs, ours)
      if (more.length > 0) return told(name, more, ours)
    }
  return undefined
}

function told(name: string, more: readonly string[], { summary, delivered }: Ours): string {
  const { attachments, from, unreadable } = summary
  return `${name} sees more: ${JSON.stringify({ more, attachments, from, unreadable })}\n${delivered.toString('latin1')}`
}

/** As if what is written so were not read. */
function blindTo(kind: string, ours: Ours): Ours {
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
