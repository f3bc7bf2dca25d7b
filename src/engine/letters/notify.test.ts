import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignWords } from '../../../test/support/small-words.ts'
import { customer, NOW } from '../../../test/support/small-cordon.ts'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import { memorySubscribers } from '../../drivers/directory/subscribers-memory.ts'
import { HOUR } from '../../model/duration.ts'
import { optOutLetter } from './opt-out-letters.ts'
import { firstSeen, notifyOverLimit, type NotifyParts } from './notify.ts'

const OPT_OUT = {
  id: 'o1',
  code: 'A1-B2C3',
  subscriber: 'anna',
  kind: 'own-server',
  server: { name: 'mx.example.org', address: '192.0.2.1' },
  destinations: [],
  addresses: [],
  state: 'ended',
  endedBy: 'finding',
  askedAt: NOW,
} as const

/** Letters go nowhere but here. */
function desk() {
  let letter = ''
  const parts = {
    engine: {
      open: async () => ({
        write: async (bytes: Uint8Array) => void (letter += Buffer.from(bytes).toString()),
        finish: async () => ({ verdict: { kind: 'accept' } }),
        abort: async () => undefined,
      }),
    },
    subscribers: memorySubscribers([
      customer('anna'),
      { ...customer('berta'), language: 'de' },
      { ...customer('claire'), language: 'fr-CA' },
    ]),
    names: { message: () => 'm', record: () => 'record', caseCode: () => 'A1-B2C3' },
    reporter: { note: () => undefined },
    provider: 'Example Net',
    portal: 'the portal',
    ourName: 'mail.isp.example',
    mailDomain: 'isp.example',
    timeZone: () => 'Asia/Tokyo',
    dkim: undefined,
    network: [],
  } as unknown as NotifyParts
  return { parts, letter: () => letter.replaceAll('=\r\n', '') }
}

test('a letter tells the time of the clock on the provider’s wall, and which one that is', async () => {
  const { parts, letter } = desk()
  // Five in the afternoon here is the next day there.
  const confirmBy = Date.UTC(2027, 0, 5, 17)
  await optOutLetter(
    parts,
    {
      id: 'o1',
      code: 'A1-B2C3',
      subscriber: 'anna',
      kind: 'destinations',
      destinations: ['mx.example.org'],
      addresses: [],
      state: 'open',
      askedAt: NOW,
      confirmBy,
    },
    { kind: 'opt-out-open', at: NOW },
  )
  assert.match(letter(), /before 2027-01-06/)
})

const ANNAS = { subscriber: 'anna', login: 'anna@isp.example' }

test('a letter about no case has no case code, but the number of the customer', async () => {
  const { parts, letter } = desk()
  await notifyOverLimit(parts, new MemoryCounters(), { ...ANNAS, at: NOW })
  assert.match(letter(), /your customer number: anna/)
  assert.doesNotMatch(letter(), /A1-B2C3|your case/)
})

test('of a limit the customer is told once a day, however much waits; a letter that was not taken is written again', async () => {
  const { parts, letter } = desk()
  const counters = new MemoryCounters()
  const full = { open: async () => Promise.reject(new Error('the disk is full')) }
  await assert.rejects(
    notifyOverLimit({ ...parts, engine: full }, counters, { ...ANNAS, at: NOW }),
    /full/,
  )
  const letters = () => letter().match(/^Subject:/gm)?.length ?? 0
  for (let hour = 0; hour < 30; hour++) {
    await notifyOverLimit(parts, counters, { ...ANNAS, at: NOW + hour * HOUR })
    assert.equal(letters(), hour <= 24 ? 1 : 2, `after ${hour} hours`)
  }
})

test('what a letter tells behind its own sentences is in the language of its owner, too', async () => {
  for (const [subscriber, language] of [
    ['berta', 'de'],
    ['claire', 'fr'],
  ] as const) {
    const { parts, letter } = desk()
    const told = { subscriber, login: undefined, at: NOW }
    const found = 'the limit of a mail account is 1 messages within an hour; 2 with it'
    await notifyOverLimit(parts, new MemoryCounters(), { ...told, found })
    for (const endedBy of ['finding', 'time', 'owner', 'staff'] as const)
      await optOutLetter(
        parts,
        { ...OPT_OUT, subscriber, endedBy },
        { kind: 'opt-out-ended', at: NOW },
      )
    const text = letter().replaceAll(/^\S+:.*$|Example Net|the\s+portal/gm, '')
    const words = Buffer.from(text.replaceAll(/=([0-9A-F]{2})/g, '%$1'), 'latin1').toString()
    assert.deepEqual(
      foreignWords(language, decodeURIComponent(words.replaceAll(/%(?![0-9A-F]{2})/g, '%25'))),
      [],
    )
  }
})

test('since when it is so is told by what was seen, not by an order of staff before it, nor by what a release was for', () => {
  const unit = (at: number) => ({ at })
  const [seen, later] = [unit(NOW + HOUR), unit(NOW + 2 * HOUR)]
  assert.equal(firstSeen({ openedAt: NOW }, [seen, later]), NOW + HOUR)
  const released = { openedAt: NOW, releasedAt: NOW + HOUR + 1 }
  assert.equal(firstSeen(released, [seen, later]), NOW + 2 * HOUR)
  assert.equal(firstSeen({ openedAt: NOW }, []), NOW)
  assert.equal(firstSeen({ openedAt: NOW }, [unit(NOW - HOUR)]), NOW)
})
