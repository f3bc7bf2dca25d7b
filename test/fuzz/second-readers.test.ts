// What we judged is what others read: Python's email package and mailauth, which has nodemailer read addresses, look at the delivered
// bytes of odd messages. Of the header we have seen every field that any of them sees, and of its From every address, or we said that
// it is not clear. First it finds bugs that were planted, the old hole among them.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { authorIn } from '../support/can-be-author.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { dkimVerify } from 'mailauth'
import { STORED } from '../../src/mail/header-end.ts'
import { parseHeader } from '../../src/mail/header.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { secondReader } from '../support/second-reader.ts'
import { type TakenIn, takenIn } from '../support/taken-in.ts'
import { oddMessage } from './odd-messages.ts'

/** Without it so many batches from one seed. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 20
const SEED = fuzzSeed()
const BATCH = 100
/** Messages in which every planted bug shows. */
const PLANTED = 1000

/** It stands in front of every message when it goes on. */
const TRACE = 'Received: from x ([198.51.100.7]) by mail.isp.example\r\n'

type Fields = readonly (readonly [name: string, value: string])[]
type Seen = { readonly fields: Fields; readonly from: readonly string[] }
type Ours = Seen & { readonly delivered: Buffer; readonly clear: boolean }
/** Undefined: the message was refused for its form. */
type Reading = (message: Buffer, luck: Random) => Promise<Ours | undefined>

const reading: Reading = async (message, luck) => {
  const taken = await takenIn(cut(message, luck))
  return taken && seen(taken)
}

function* cut(message: Buffer, luck: Random): Generator<Uint8Array> {
  for (let at = 0; at < message.length; ) {
    const end = at + 1 + luck.below(luck.pick([3, 60, 2000]))
    yield message.subarray(at, end)
    at = end
  }
}

async function seen({ summary, read, stored }: TakenIn): Promise<Ours> {
  const judged: Uint8Array[] = []
  for await (const chunk of read()) judged.push(chunk)
  return {
    fields: parseHeader(Buffer.concat([Buffer.from(TRACE), ...judged]), STORED).fields.map(
      ({ name, value }) => [name, value],
    ),
    from: summary.from,
    clear: summary.unclearFrom === undefined,
    delivered: Buffer.concat([Buffer.from(TRACE), stored]),
  }
}

/** Bytes as characters; space in a value is what it is after unfolding. */
const plain = ([name, value]: Fields[number]): string =>
  `${name.replaceAll(/[A-Z]/g, letter => letter.toLowerCase())}:${value.replaceAll(/[ \t\r\n]+/g, ' ').replaceAll(/^ | $/g, '')}`

/** What of theirs is not ours. */
function missed(theirs: Seen, ours: Ours): readonly string[] {
  const left = ours.fields.map(plain)
  const fields = theirs.fields.map(plain).filter(field => {
    const at = left.indexOf(field)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  if (!ours.clear) return fields
  // A word without a domain names nobody.
  const authors = theirs.from
    .flatMap(address => authorIn(utf8(address)) ?? [])
    .filter(address => !ours.from.includes(address))
  return [...fields, ...authors.map(author => `author ${author}`)]
}

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

async function mailauthReads(delivered: Buffer): Promise<Seen> {
  const resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  const { headers, headerFrom } = await dkimVerify(delivered, { resolver })
  const rows = headers?.parsed ?? []
  return {
    fields: rows.map(({ key, line }) => {
      const text = line.toString('latin1')
      return [key, text.slice(text.indexOf(':') + 1)]
    }),
    from: headerFrom.map(address => Buffer.from(address).toString('latin1')),
  }
}

const python = secondReader()
after(() => python.stop())

/** Plays messages and throws at the first in which somebody sees more than we. */
async function compare(read: Reading, seed: number, messages: number): Promise<number> {
  const luck = random(String(seed))
  let refused = 0
  for (let done = 0; done < messages; done += BATCH) {
    const all: Ours[] = []
    for (let i = 0; i < BATCH; i++) {
      const ours = await read(oddMessage(luck), luck)
      if (ours) all.push(ours)
      else refused++
    }
    const pythons = await python.read(all.map(({ delivered }) => delivered))
    for (const [i, ours] of all.entries()) {
      const others = { ...pythons[i], mailauth: await mailauthReads(ours.delivered) }
      for (const [name, theirs] of Object.entries(others)) {
        const more = missed(theirs, ours)
        const told = { more, ...ours, delivered: ours.delivered.toString('latin1') }
        if (more.length > 0) throw new Error(`${name} sees more: ${JSON.stringify(told)}`)
      }
    }
  }
  return refused
}

type Change = (ours: Ours, message: Buffer) => Ours
/** A reading to which somebody has done something. */
const changed =
  (change: Change): Reading =>
  async (message, luck) => {
    const ours = await reading(message, luck)
    return ours && change(ours, message)
  }

/** The message goes on as it came, and of its header we have seen what this leaves of its lines. */
const asItCame = (message: Buffer, left: (lines: readonly string[]) => readonly string[]): Ours => {
  const [header = ''] = `${message.toString('latin1')}\r\n\r\n`.split(/(?:^|\r\n)\r\n/)
  const lines = left(header.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n'))
  const { fields } = parseHeader(Buffer.from(`${TRACE}${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  return {
    delivered: Buffer.concat([Buffer.from(TRACE), message]),
    fields: fields.map(({ name, value }) => [name, value]),
    from: [],
    clear: false,
  }
}
const untilNoField = (lines: readonly string[]) => {
  const end = lines.findIndex(line => !/^[!-9;-~]+[ \t]*:/.test(line))
  return end < 0 ? lines : lines.slice(0, end)
}

const BUGS: Readonly<Record<string, Reading>> = {
  'a line that is no field ends our reading, and the message goes on as it came': changed(
    (_, message) => asItCame(message, untilNoField),
  ),
  'fields over a thousand are accepted unread': async (message, luck) =>
    (await reading(message, luck)) ?? asItCame(message, lines => lines.slice(0, 1000)),
  'a field with a space before its colon is none': changed(ours => ({
    ...ours,
    fields: ours.fields.filter(([, value]) => value !== 'a space before the colon'),
  })),
  'of two fields with one name the second is not read': changed(ours => ({
    ...ours,
    fields: ours.fields.filter(
      ([name], i) => ours.fields.findIndex(field => field[0] === name) === i,
    ),
  })),
  'a value ends with its first line': changed(ours => ({
    ...ours,
    fields: ours.fields.map(([name, value]) => [name, value.replace(/ here.*/, '')]),
  })),
  'whatever a script calls a space ends a value': changed(ours => ({
    ...ours,
    fields: ours.fields.map(([name, value]) => [name, value.trim()]),
  })),
  'every From is clear': changed(ours => ({ ...ours, clear: true })),
  'the author is what stands last': changed(ours => ({ ...ours, from: ours.from.slice(-1) })),
  'what is taken out for us is not read': changed(ours => ({
    ...ours,
    delivered: Buffer.concat([
      ours.delivered.subarray(0, TRACE.length),
      Buffer.from('X: y\r\n'),
      ours.delivered.subarray(TRACE.length),
    ]),
  })),
}

test('in the messages with which planted bugs are found nothing else is found', async () => {
  await compare(reading, 7, PLANTED)
})

for (const [name, buggy] of Object.entries(BUGS))
  test(`the second readers find a planted bug: ${name}`, async () => {
    await assert.rejects(compare(buggy, 7, PLANTED), /sees more/)
  })

test('nobody sees more of a header than we', async t => {
  const until = Date.now() + SECONDS * 1000
  let messages = 0
  let refused = 0
  for (let seed = SEED; seed < SEED + BATCHES || Date.now() < until; seed++) {
    try {
      refused += await compare(reading, seed, BATCH)
    } catch (error) {
      throw new Error(`CORDON_FUZZ_SEED=${seed}: ${(error as Error).message}`, { cause: error })
    }
    messages += BATCH
  }
  t.diagnostic(`${messages.toLocaleString('en')} messages, ${refused} refused, from seed ${SEED}`)
})
