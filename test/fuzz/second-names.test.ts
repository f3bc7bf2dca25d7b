// What stands in a display name, as programs read it that decode From and look for addresses then: notmuch, and Python's email package
// under both its policies and with the field decoded first. Of a name that is taken none of them reads the address of another. First they
// find what was planted.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Authors, authorsOf } from '../../src/mail/authors.ts'
import { parseHeader } from '../../src/mail/header.ts'
import { random } from '../../src/simulation/population/random.ts'
import { authorIn } from '../support/can-be-author.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { notmuchSenders } from '../support/notmuch.ts'
import { secondReader } from '../support/second-reader.ts'
import { named } from './odd-names.ts'

const NAMES = 2000
const SEED = fuzzSeed(1)

const python = secondReader()
after(() => python.stop())

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

function isOfAnother(read: string): boolean {
  const author = authorIn(read)
  return author !== undefined && !/^an\.na\d+@isp\.example$/.test(author)
}

/** The addresses of others that some program reads in those that are taken. Those are counted. */
async function others(seed: number, isTaken: (authors: Authors, own: string) => boolean) {
  const luck = random(String(seed))
  const messages: Buffer[] = []
  for (let i = 0; i < NAMES; i++) {
    const own = `an.na${i}@isp.example`
    const value = named(luck, own)
    const text = `From: ${value}\r\nMessage-ID: <${i}@x.example>\r\nSubject: hi\r\n\r\nhello\r\n`
    const message = Buffer.from(text, 'latin1')
    if (isTaken(authorsOf(parseHeader(message).fields), own)) messages.push(message)
  }
  const seen: string[] = []
  for (const [i, readings] of (await python.read(messages)).entries())
    for (const read of Object.values(readings))
      for (const address of [...read.from, ...(read.decodedFirst ?? [])].map(utf8))
        if (isOfAnother(address)) seen.push(`Python ${address}: ${messages[i]?.toString('latin1')}`)
  for (const address of notmuchSenders(messages))
    if (isOfAnother(address)) seen.push(`notmuch ${address}`)
  return { seen, taken: messages.length }
}

test('of a name that is taken no program reads the address of another', async t => {
  const { seen, taken } = await others(
    SEED,
    ({ clear, addresses }, own) => clear && addresses.every(address => address === own),
  )
  assert.deepEqual(seen.slice(0, 5), [], `CORDON_FUZZ_SEED=${SEED}`)
  assert.ok(taken > NAMES / 5, `${taken} are taken`)
  t.diagnostic(`${taken} of ${NAMES} names are taken, from seed ${SEED}`)
})

test('the programs find a planted bug: every name is only a name', async () => {
  const { seen } = await others(SEED, () => true)
  assert.ok(seen.some(one => one.startsWith('Python')))
  assert.ok(seen.some(one => one.startsWith('notmuch')))
})
