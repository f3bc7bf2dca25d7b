// Whom a message is from, as other programs read it: Python's email package under both its policies, and with the field decoded first (as
// notmuch and mu do), postal-mime, and mailauth, which has nodemailer read addresses. What is clear for us, each of them reads in the same way; of what is not clear we have each domain that
// any of them reads, so that DMARC is asked about it. First it finds what was planted, each of it seen in the field.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { dkimVerify } from 'mailauth'
import { addressParser } from 'postal-mime'
import { queryName } from '../../src/drivers/lookups/query-name.ts'
import { type Authors, authorsOf } from '../../src/mail/authors.ts'
import { HeaderEnd } from '../../src/mail/header-end.ts'
import { parseHeader } from '../../src/mail/header.ts'
import { foldAddress } from '../../src/model/mail-address.ts'
import { mailboxes } from '../../src/mail/mailboxes.ts'
import { random } from '../../src/simulation/population/random.ts'
import { authorIn } from '../support/can-be-author.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { secondReader } from '../support/second-reader.ts'
import { oddAuthor } from './odd-authors.ts'

/** Without it so many batches from one seed: among 100,000 fields there is now and then one that is read in another way still. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 10
const SEED = fuzzSeed(1)
const BATCH = 200
/** Fields in which every planted bug shows. */
const PLANTED = 3000

/** Text; undefined: it could not read the field. */
type Theirs = Readonly<Record<string, readonly string[] | undefined>>
/** `value`: one character a byte, unfolded. */
type AuthorReading = (authors: Authors, value: string) => Authors

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** As it is judged and delivered. */
function delivered(value: string): Buffer {
  const end = new HeaderEnd()
  const text = `From: ${value}\r\nTo: bert@isp.example\r\n\r\nhello\r\n`
  return Buffer.concat([end.push(Buffer.from(text, 'latin1')), end.end()])
}

async function others(message: Buffer): Promise<Theirs> {
  const resolver = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  const { headerFrom } = await dkimVerify(message, { resolver })
  const field = parseHeader(message).fields.find(({ name }) => name === 'from')
  return {
    mailauth: headerFrom,
    'postal-mime': addressParser(utf8(field?.value ?? ''), { flatten: true }).flatMap(
      ({ address }) => address ?? [],
    ),
  }
}

const domainsOf = (addresses: readonly string[]): readonly string[] =>
  addresses.flatMap(address =>
    address
      .split('@')
      .slice(1)
      .flatMap(domain => queryName(domain.replace(/\.$/, '').toLowerCase()) ?? [])
      // No top-level domain is a number.
      .filter(domain => !/^[\d.]+$/.test(domain)),
  )

/** What of theirs is not ours. A word without a domain names nobody. */
function missed(theirs: readonly string[] | undefined, ours: Authors): readonly string[] {
  // A reader that gives up shows nobody.
  if (theirs === undefined) return []
  const read = theirs.filter(address => address.includes('@')).map(foldAddress)
  if (ours.clear)
    return theirs.flatMap(one => authorIn(one) ?? []).filter(one => !ours.addresses.includes(one))
  if (ours.more) return []
  const asked = domainsOf(ours.addresses)
  return domainsOf(read).filter(one => !asked.includes(one))
}

const python = secondReader()
after(() => python.stop())

/** Plays fields and throws at the first in which somebody sees more than we. Those that are clear are counted. */
async function compare(seed: number, fields: number, reading: AuthorReading = authors => authors) {
  const luck = random(String(seed))
  let clear = 0
  for (let done = 0; done < fields; done += BATCH) {
    const messages = Array.from({ length: BATCH }, () => delivered(oddAuthor(luck)))
    const pythons = await python.read(messages)
    for (const [i, message] of messages.entries()) {
      const from = parseHeader(message).fields.filter(({ name }) => name === 'from')
      const ours = reading(authorsOf(from), from[0]?.value ?? '')
      if (ours.clear) clear++
      const all: Record<string, readonly string[] | undefined> = await others(message)
      for (const [name, one] of Object.entries(pythons[i] ?? {}))
        all[name] = one.gaveUp ? undefined : one.from.map(utf8)
      all['a reader that decodes first'] = pythons[i]?.compat32.decodedFirst?.map(utf8) ?? []
      for (const [name, theirs] of Object.entries(all)) {
        const more = missed(theirs, ours)
        const told = { more, theirs, ours, message: message.toString('latin1') }
        if (more.length > 0) throw new Error(`${name} sees more: ${JSON.stringify(told)}`)
      }
    }
  }
  return clear
}

const strict = (value: string) => mailboxes(value, [])
const only = (authors: Authors, wanted: (address: string) => boolean): Authors => ({
  ...authors,
  addresses: authors.addresses.filter(wanted),
})

const BUGS: Readonly<Record<string, AuthorReading>> = {
  'a name with brackets, commas or dots of its own is only a name': (authors, value) => {
    const { addresses, loose } = strict(value) ?? {}
    return addresses && loose ? { addresses, clear: true, more: false } : authors
  },
  'what is encoded in a name is only a name': (authors, value) => {
    const { addresses, loose } = strict(value) ?? {}
    return addresses && !loose && !authors.more ? { addresses, clear: true, more: false } : authors
  },
  'what the strict reading does not know names nobody': (authors, value) =>
    strict(value) ? authors : { addresses: [], clear: false, more: false },
  'every From is clear': authors => ({ ...authors, clear: true }),
  'the author is what stands last': authors => ({
    ...authors,
    addresses: authors.addresses.slice(-1),
  }),
  'an address in front of an address is a name': authors =>
    authors.addresses.length > 1 && authors.clear
      ? { ...authors, addresses: authors.addresses.slice(1) }
      : authors,
  'what is encoded is not looked into': (authors, value) =>
    only(authors, address => value.toLowerCase().includes(address)),
  'a domain ends at a space': (authors, value) =>
    only(authors, address => value.includes(address.slice(address.indexOf('@')))),
}

test('in the fields with which planted bugs are found nothing else is found', async () => {
  assert.ok((await compare(7, PLANTED)) > PLANTED / 50, 'some are clear')
})

for (const [name, buggy] of Object.entries(BUGS))
  test(`the second readers find a planted bug: ${name}`, async () => {
    await assert.rejects(compare(7, PLANTED, buggy), /sees more/)
  })

test('nobody reads another author than we', async t => {
  const until = Date.now() + SECONDS * 1000
  let fields = 0
  let clear = 0
  for (let seed = SEED; seed < SEED + BATCHES || Date.now() < until; seed++) {
    try {
      clear += await compare(seed, BATCH)
    } catch (error) {
      throw new Error(`CORDON_FUZZ_SEED=${seed}: ${(error as Error).message}`, { cause: error })
    }
    fields += BATCH
  }
  t.diagnostic(`${fields.toLocaleString('en')} fields, ${clear} clear, from seed ${SEED}`)
})
