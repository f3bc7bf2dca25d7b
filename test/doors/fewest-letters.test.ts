// The numbers of docs/evidence.md for an innocent person whose mail no scanner reads: so many letters, and not one fewer, are as high as
// isolates.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../src/model/duration.ts'
import { fewestLetters } from '../../tools/docs/evidence-page.ts'
import { beside, LOGIN, WIDE } from '../support/beside-a-server.ts'
import type { Owner } from '../support/owned.ts'
import { NOW } from '../support/small-cordon.ts'

const FRIEND = 'bert@isp.example'

/** One letter to each of these, so far apart; whether the case is as high as isolates after each. */
async function wrote(t: Owner, apart: number, people: readonly string[]) {
  const one = await beside(t, { limits: { ...WIDE, firstTimePerDay: 100 } })
  // The friend is no new one: there was a letter before.
  await one.ask(100, { recipients: [FRIEND], recipientCount: 1, at: NOW - 60 * MINUTE * 24 * 7 })
  await one.cordon.engine.idle()
  const high: boolean[] = []
  for (const [i, to] of people.entries()) {
    await one.ask(i, { recipients: [to], recipientCount: 1, at: NOW + i * apart })
    await one.cordon.engine.idle()
    const found = one.cordon.ledger.cases.open(`login:${LOGIN}`)
    high.push(found?.reachedAt !== undefined)
  }
  return high
}

const strangers = (count: number) => Array.from({ length: count }, (_, i) => `new${i}@else.example`)
const friends = (count: number) => Array.from({ length: count }, () => FRIEND)

test('letters to new people, one each half an hour', async t => {
  const { inFourHours } = fewestLetters()
  const high = await wrote(t, 30 * MINUTE, strangers(inFourHours))
  assert.equal(high.indexOf(true), inFourHours - 1)
})

test('so many of them among eight letters within an hour, and with one fewer not', async t => {
  const { inOneHour } = fewestLetters()
  const known = friends(8 - inOneHour)
  const high = await wrote(t, MINUTE, [...known, ...strangers(inOneHour)])
  assert.equal(high.indexOf(true), 7)
  const fewer = await wrote(t, MINUTE, [...known, FRIEND, ...strangers(inOneHour - 1)])
  assert.ok(!fewer.includes(true))
})
