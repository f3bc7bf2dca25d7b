// A few runs of the shipped population through the real core: the same seed gives the same rows, bots are stopped, and people are not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPopulation } from '../population/population-file.ts'
import { simulateBot } from './simulate-bot.ts'
import { simulateCrowd } from './simulate-crowd.ts'
import { simulatePeople } from './simulate-people.ts'
import { simulatePerson } from './simulate-person.ts'
import { upperBound } from './spread-of.ts'

const population = readPopulation('populations/first.yaml')
const chosen = (filter: string) => ({ population, filter, owner: 'usual', seed: 'test' })

test('a fast bot reaches few, is held within an hour and isolated after its first episode', () => {
  let done = 0
  const row = simulateBot('fast', 3, chosen('.9/.02'), () => void done++)
  assert.equal(done, 3)
  assert.ok(row.beforeFirstWait[1] <= 10 && row.reached[1] <= 15, JSON.stringify(row))
  const { hold, isolate } = row.decided
  assert.deepEqual([hold.runs, isolate.runs], [3, 3])
  assert.ok((hold.hours ?? 99) < 1)
  assert.ok((isolate.hours ?? 0) > 6)
  assert.deepEqual(simulateBot('fast', 3, chosen('.9/.02')), row)
})

test('a bot in a few large messages is stopped by what a message holds', () => {
  const row = simulateBot('many-recipients', 2, chosen('.9/.02'))
  assert.ok(row.reached[1] <= 75, JSON.stringify(row))
})

test('without a scanner a bot is paced', () => {
  const row = simulateBot('fast', 2, chosen('none'))
  assert.ok(row.reached[1] < 300 && row.beforeFirstWait[0] > 0, JSON.stringify(row))
})

test('a stolen password is refused from its network, or stopped, and the line of its owner is not', () => {
  const patient = simulateBot('stolen-patient', 2, chosen('.9/.02'))
  assert.ok(patient.reached[1] <= 15, JSON.stringify(patient))
  assert.equal(patient.decided['refuse-network'].runs, 2)
  const spread = simulateBot('stolen-each-network', 2, chosen('.9/.02'))
  assert.ok(spread.reached[1] <= 15, JSON.stringify(spread))
  assert.equal(spread.decided['stop-login'].runs, 2)
  assert.deepEqual([patient.decided.isolate.runs, spread.decided.isolate.runs], [0, 0])
})

test('forged mail that came in buys no free replies', () => {
  const row = simulateBot('forged-inbound', 2, chosen('.9/.02'))
  assert.ok(row.reached[1] <= 40, JSON.stringify(row))
})

test('300 stolen logins at one address share one window, fresh and after patience', () => {
  for (const crowd of ['stolen-fresh', 'stolen-after-patience']) {
    const row = simulateCrowd(crowd, 1, chosen('.9/.02'))
    assert.ok(row.reached[1] <= 20, JSON.stringify(row))
    assert.equal(row.sourceRefused, 1)
  }
})

test('an ordinary year isolates nobody, refuses nothing, and hardly anything waits', () => {
  const row = simulatePerson('ordinary', { people: 3, years: 1 }, chosen('.9/.02'))
  assert.deepEqual([row.isolations.count, row.stops.count, row.refused], [0, 0, 0])
  // 3 years prove nothing: 0 of 3 allows 10,000 of 10,000.
  assert.ok(row.isolations.atMostPer10000 > 9000)
  assert.ok(row.cleanWaits < 20, JSON.stringify(row))
  const club = simulatePerson('club', { people: 1, years: 1 }, chosen('none'))
  assert.deepEqual([club.isolations.count, club.refused], [0, 0])
})

test('the rows of many threads are those of one', async () => {
  const size = { people: 5, years: 1 }
  let done = 0
  const row = await simulatePeople('invoices', size, chosen('.9/.02'), () => void done++)
  assert.equal(done, 5)
  assert.deepEqual(row, simulatePerson('invoices', size, chosen('.9/.02')))
  await assert.rejects(simulatePeople('nobody', size, chosen('.9/.02')), /there is no nobody/)
})

test('a phone behind a mobile network and a traveller keep their logins', () => {
  for (const person of ['phone', 'traveller']) {
    const row = simulatePerson(person, { people: 1, years: 1 }, chosen('.9/.02'))
    assert.deepEqual([row.stops.count, row.isolations.count], [0, 0], person)
  }
})

test('an announced mailing of 400 does not wait, and through Tor nobody is stopped', () => {
  const club = simulatePerson('club', { people: 2, years: 1 }, chosen('none'))
  assert.ok(club.cleanWaits < 60, JSON.stringify(club))
  const tor = simulatePerson('tor', { people: 2, years: 1 }, chosen('none'))
  assert.deepEqual([tor.stops.count, tor.refused], [0, 0])
})

test('owners who answer stop what is not theirs', () => {
  const answers = { share: 1, meanHours: 3 }
  const asked = simulateBot('hourly', 3, { ...chosen('.9/.02'), answers })
  assert.ok(asked.decided['stop-login'].runs >= 2, JSON.stringify(asked))
  assert.equal(simulateBot('hourly', 3, chosen('.9/.02')).decided['stop-login'].runs, 0)
})

test('our own exchangers answer nothing that counts, and a bot that writes to them is held', () => {
  const row = simulateBot('own-exchangers', 2, chosen('.9/.02'))
  assert.ok(row.reached[1] <= 15, JSON.stringify(row))
  assert.equal(row.decided.hold.runs, 2)
})

test('the upper bound of a count is that of Poisson', () => {
  assert.ok(Math.abs(upperBound(0) - 3) < 0.05)
  assert.ok(Math.abs(upperBound(10) - 16.96) < 0.1)
})
