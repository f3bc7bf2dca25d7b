// What Python's email package and postal-mime see in a message as it is sent, its long lines folded, we have seen in it as it is kept, or
// said that it is not clear. First it finds what was planted: a reading of the kept bytes alone.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { LongLines, type FoldWay } from '../../src/mail/long-lines.ts'
import { Summarizer } from '../../src/mail/summary.ts'
import { random, type Random } from '../../src/simulation/population/random.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { secondReader, type SecondReadings } from '../support/second-reader.ts'
import { takenIn } from '../support/taken-in.ts'
import { lengthened } from './long-lines.ts'
import { oddParts } from './odd-parts.ts'
import { moreOf, othersRead, type Ours } from './seen-parts.ts'

/** Without it so many batches from one seed. */
const SECONDS = Number(process.env['CORDON_FUZZ_SECONDS'] ?? 0)
const BATCHES = 10
const SEED = fuzzSeed(1)
const BATCH = 100
/** Messages in which the planted bug shows. */
const PLANTED = 1000

/** As it is judged, and as it is sent; undefined when it was refused for its form. */
async function read(luck: Random, kept: boolean): Promise<Ours | undefined> {
  const way: FoldWay = luck.pick(['ours', 'postfix'])
  const taken = await takenIn([lengthened(oddParts(luck).message, luck)])
  if (!taken) return undefined
  const lines = new LongLines(way)
  const delivered = Buffer.concat([lines.push(taken.stored), lines.end()])
  const summarizer = new Summarizer({ folds: kept ? 'never' : way })
  summarizer.write(taken.stored)
  return { summary: summarizer.finish('x@y.example'), delivered }
}

const python = secondReader()
after(() => python.stop())

/** The messages in which others see more than we. `kept`: as if only what is kept were read. */
async function more(seed: number, messages: number, kept = false): Promise<readonly string[]> {
  const luck = random(String(seed))
  const found: string[] = []
  for (let done = 0; done < messages; done += BATCH) {
    const all: Ours[] = []
    for (let i = 0; i < BATCH; i++) {
      const ours = await read(luck, kept)
      if (ours) all.push(ours)
    }
    const pythons = await python.read(all.map(({ delivered }) => delivered))
    for (const [i, ours] of all.entries()) {
      const one = moreOf(await othersRead(ours.delivered, pythons[i] as SecondReadings), ours)
      if (one !== undefined) found.push(one)
    }
  }
  return found
}

test('who reads what is kept alone misses what a fold makes', async t => {
  const found = await more(7, PLANTED, true)
  assert.ok(found.length >= 3, `only in ${found.length} of ${PLANTED}`)
  t.diagnostic(`${found.length} of ${PLANTED}`)
})

test('nobody sees more of a message as it is sent than we', async t => {
  const until = Date.now() + SECONDS * 1000
  let messages = 0
  for (let seed = SEED; seed < SEED + BATCHES || Date.now() < until; seed++) {
    const [first] = await more(seed, BATCH)
    if (first !== undefined) throw new Error(`CORDON_FUZZ_SEED=${seed}: ${first}`)
    messages += BATCH
  }
  t.diagnostic(`${messages.toLocaleString('en')} messages, from seed ${SEED}`)
})
