// What an ordinary machine at home does whose mail goes to port 25 by itself: two reports of cron, to two domains with five exchangers each.
// A mail program tries one exchanger after the other, so these are ten servers, and no sign of a bot.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noScanner } from '../../src/drivers/scanners/heuristic.ts'
import { lineOf } from '../../src/model/evidence.ts'
import type { Event } from '../../src/model/event.ts'
import { virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { shipped } from '../support/shipped.ts'
import { customer } from '../support/small-cordon.ts'

const START = Date.UTC(2026, 0, 5, 6, 25)
const ANNA = lineOf('anna')

type Names = (address: string) => string | undefined

/** `names`: whose server an address is; undefined where the DNS does not say. */
async function knocked(
  destinations: readonly string[],
  names: Names,
  outcome: 'refused' | 'passed' = 'refused',
) {
  const cordon = await virtualCordon({
    subscribers: [customer('anna')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    now: () => START,
    scanner: noScanner,
    lookups: {
      ask: async question => {
        if (question.about !== 'organisation')
          return { about: question.about, failed: 'not asked here' }
        // Names come late and in another order than they were asked for.
        await new Promise(resolve => setTimeout(resolve, Number(question.address.at(-1)) % 3))
        return { about: 'organisation', value: names(question.address) ?? '' }
      },
    },
    ...shipped,
  })
  for (const [i, destination] of destinations.entries())
    cordon.engine.report({
      kind: 'egress-attempt',
      at: START + i * 100,
      who: { realm: 'main', address: '203.0.113.7', port: 40_000, sure: 'unknown' },
      destination,
      port: 25,
      completed: false,
      antiSpoofed: true,
      outcome,
    })
  await cordon.engine.idle()
  const isolated = cordon.ledger.cases.inForce(ANNA).some(({ kind }) => kind === 'isolate')
  const attempts = cordon.journal.filter(event => event.kind === 'egress-attempt')
  const opened = cordon.ledger.cases.open(ANNA)
  await cordon.close()
  return { isolated, attempts, sum: opened?.sum ?? 0, last: attempts.at(-1) }
}

const exchangers = (domain: number) =>
  Array.from({ length: 5 }, (_, i) => `198.51.100.${domain * 10 + i}`)
const CRON = [...exchangers(1), ...exchangers(2)]
/** `198.51.100.12` is of `domain-1.example`. */
const byTen: Names = address => `domain-${Math.floor(Number(address.split('.')[3]) / 10)}.example`
const others = (count: number) => Array.from({ length: count }, (_, i) => `192.0.2.${i + 1}`)
const allDiffer: Names = address => `domain-${address.split('.')[3]}.example`
const noName: Names = () => undefined

const fanOutIn = (event: Event | undefined) =>
  event?.kind === 'egress-attempt'
    ? [event.servers, event.organisations, event.fanOut]
    : assert.fail('nothing was told')

test('two mails of cron to two domains with five exchangers each are two, not ten', async () => {
  const { isolated, last, sum } = await knocked(CRON, byTen)
  assert.equal(isolated, false)
  assert.deepEqual(fanOutIn(last), [10, 2, 3])
  assert.ok(sum < 4, `a sum of ${sum}`)
})

test('without names they are no bot’s work either, nor when they are tried again', async () => {
  const { isolated, last } = await knocked([...CRON, ...CRON, ...CRON], noName)
  assert.equal(isolated, false)
  assert.deepEqual(fanOutIn(last), [10, 0, 3])
})

test('ten organisations leave no doubt, at the tenth', async () => {
  const nine = await knocked(others(9), allDiffer)
  assert.equal(nine.isolated, false)
  const ten = await knocked(others(10), allDiffer)
  assert.equal(ten.isolated, true)
  assert.deepEqual(fanOutIn(ten.last), [10, 10, 10])
})

test('nor do thirty servers without a name, at the thirtieth', async () => {
  assert.equal((await knocked(others(29), noName)).isolated, false)
  const thirty = await knocked(others(30), noName)
  assert.equal(thirty.isolated, true)
  assert.deepEqual(fanOutIn(thirty.last), [30, 0, 10])
})

test('thirty servers of one large provider are thirty: a bot may know no other', async () => {
  const { isolated } = await knocked(others(30), () => 'large.example')
  assert.equal(isolated, true)
})

test('what is let through isolates no line, and says of whom the rollout should think that a virus is at work', async () => {
  const { isolated, last, sum } = await knocked(others(30), noName, 'passed')
  assert.deepEqual([isolated, sum], [false, 0])
  assert.deepEqual(fanOutIn(last), [30, 0, 10])
})

test('of what the line may not have done itself no name is looked up', async () => {
  let asked = 0
  const cordon = await virtualCordon({
    subscribers: [customer('anna')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    now: () => START,
    scanner: noScanner,
    lookups: {
      ask: async ({ about }) => {
        asked++
        return { about, failed: 'not here' }
      },
    },
    ...shipped,
  })
  for (const [address, antiSpoofed, outcome] of [
    ['203.0.113.7', false, 'refused'],
    ['203.0.113.7', true, 'passed'],
    ['203.0.113.8', true, 'refused'],
  ] as const)
    cordon.engine.report({
      kind: 'egress-attempt',
      at: START,
      who: { realm: 'main', address, sure: 'unknown' },
      destination: '192.0.2.1',
      port: 25,
      completed: false,
      antiSpoofed,
      outcome,
    })
  await cordon.engine.idle()
  assert.equal(asked, 0)
  assert.equal(cordon.journal.filter(({ kind }) => kind === 'egress-attempt').length, 3)
  await cordon.close()
})
