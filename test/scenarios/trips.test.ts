// How often the counters are asked: a store that is a millisecond away makes of every trip a millisecond of somebody's waiting.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import type { EpisodeMode } from '../../src/model/episode.ts'
import type { Step } from '../../src/model/step.ts'
import { type VirtualCordon, virtualCordon } from '../../src/simulation/virtual/virtual-cordon.ts'
import { START } from '../support/annas-trouble.ts'
import { shipped } from '../support/shipped.ts'
import { customer } from '../support/small-cordon.ts'

/** `states`: loads and swaps of records of evidence by episodes. */
type CountedTrips = { trips: number; states: number; readonly cordon: VirtualCordon }

async function countingCordon(
  content: 'clean' | 'spam' = 'clean',
  episodes: EpisodeMode = 'decide',
): Promise<CountedTrips> {
  const memory = new MemoryCounters()
  const states = memoryStates(memory)
  const counted: { trips: number; states: number; cordon?: VirtualCordon } = { trips: 0, states: 0 }
  const cordon = await virtualCordon({
    subscribers: [customer('anna'), customer('bert')],
    leases: [{ realm: 'main', prefix: '203.0.113.7/32', subscriber: 'anna', from: 0 }],
    domains: ['isp.example'],
    forwards: {},
    scanner: { name: 'none', sees: 'ours', scan: async () => ({ content }) },
    ...shipped,
    episodes,
    counters: {
      apply: batch => {
        counted.trips++
        return memory.apply(batch)
      },
    },
    states: {
      load: keys => {
        counted.states++
        return states.load(keys)
      },
      swap: swap => {
        counted.states++
        return states.swap(swap)
      },
    },
    now: () => START,
  })
  return Object.assign(counted, { cordon })
}

type MailStep = Pick<Step, 'listener' | 'client' | 'login' | 'sender' | 'at'> & {
  to: readonly string[]
}

const byAnna = (at: number, to: readonly string[]): MailStep => ({
  listener: 'submission',
  client: { realm: 'main', address: '203.0.113.7', port: 4000 },
  login: 'anna@isp.example',
  sender: 'anna@isp.example',
  at,
  to,
})

/** Trips at each step of a whole session, and what came of the message. */
async function send(counted: CountedTrips, { to, ...mail }: MailStep) {
  const { engine } = counted.cordon
  const trips: Record<string, number> = {}
  const during = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const before = counted.trips
    const result = await work()
    trips[name] = counted.trips - before
    return result
  }
  const known = { ...mail, session: 's', tls: true, helo: 'home.example' } as const
  await during('mail', () => engine.judge({ ...known, stage: 'mail' }))
  for (const [accepted, recipient] of to.entries())
    await during(`rcpt ${accepted + 1}`, () =>
      engine.judge({ ...known, stage: 'rcpt', recipient, accepted }),
    )
  const judged = await during('message', async () => {
    const { sender = '', listener, ...rest } = known
    const { login, ...others } = rest
    const draft = await engine.open({
      ...others,
      ...(login === undefined ? {} : { login }),
      sender,
      listener,
      recipients: to,
      extended: true,
      esmtp: {},
    })
    await draft.write(
      Buffer.from(
        `From: <${sender}>\r\nSubject: x\r\n\r\n${'All the same words. '.repeat(20)}\r\n`,
      ),
    )
    return draft.finish()
  })
  await engine.idle()
  return { trips, verdict: judged.verdict.kind }
}

test('a clean submission to two: one trip for each recipient, two for the message', async () => {
  const counted = await countingCordon()
  const to = ['bert@isp.example', 'carl@meadow.example']
  const trips = { mail: 0, 'rcpt 1': 1, 'rcpt 2': 1 }
  const first = await send(counted, byAnna(START, to))
  assert.deepEqual(first, { trips: { ...trips, message: 2 }, verdict: 'accept' })
  // And it taught what is usual: neither is new any more.
  const again = await send(counted, byAnna(START + 1000, to))
  assert.deepEqual(again, { trips: { ...trips, message: 2 }, verdict: 'accept' })
  const commits = counted.cordon.journal.filter(one => one.kind === 'tx-commit')
  assert.deepEqual(
    commits.map(one => [one.facts.firstTime, one.lastHour]),
    [
      [2, { 'line:anna': 1 }],
      [0, { 'line:anna': 2 }],
    ],
  )
  await counted.cordon.close()
})

test('a message with evidence: its sum and what it teaches besides', async () => {
  const counted = await countingCordon('spam', 'shadow')
  const { trips, verdict } = await send(counted, byAnna(START, ['x@meadow.example']))
  assert.equal(verdict, 'accept')
  assert.ok((trips['message'] ?? 9) <= 3, JSON.stringify(trips))
  assert.ok((counted.cordon.ledger.cases.open('line:anna')?.sum ?? 0) > 4)
  // What a bot sends is not made usual: to the same stranger once more, and they are as new as before.
  await send(counted, byAnna(START + 1000, ['x@meadow.example']))
  const commits = counted.cordon.journal.filter(one => one.kind === 'tx-commit')
  assert.deepEqual(
    commits.map(one => [one.facts.firstTime, one.facts.repeated]),
    [
      [1, false],
      [1, true],
    ],
  )
  await counted.cordon.close()
})

test('a stranger’s mail to one of ours: one for the recipient, two for the message', async () => {
  const counted = await countingCordon()
  const { trips, verdict } = await send(counted, {
    listener: 'inbound',
    client: { realm: 'main', address: '198.51.100.7', port: 25 },
    sender: 'ann@meadow.example',
    at: START,
    to: ['anna@isp.example'],
  })
  assert.deepEqual(
    { trips, verdict },
    { trips: { mail: 0, 'rcpt 1': 1, message: 2 }, verdict: 'accept' },
  )
  await counted.cordon.close()
})

test('evidence by episodes: one load and one write for all subjects of a message, and none for a stranger’s', async () => {
  const counted = await countingCordon('clean', 'shadow')
  await send(counted, byAnna(START, ['carl@meadow.example']))
  assert.equal(counted.states, 2)
  const client = { realm: 'main', address: '198.51.100.7', port: 4000 }
  // Her login and the address that it is used from.
  const { trips } = await send(counted, {
    ...byAnna(START + 1000, ['dora@meadow.example']),
    client,
  })
  assert.equal(counted.states, 4)
  assert.ok((trips['message'] ?? 9) <= 3, JSON.stringify(trips))
  await send(counted, {
    listener: 'inbound',
    client,
    sender: 'ann@meadow.example',
    at: START + 2000,
    to: ['anna@isp.example'],
  })
  assert.equal(counted.states, 4)
  await counted.cordon.close()
})

test('with its window in force: before the message is kept and before it leaves one load more, and what left is charged', async () => {
  const counted = await countingCordon()
  await send(counted, byAnna(START, ['carl@meadow.example']))
  assert.equal(counted.states, 6)
  await counted.cordon.close()
})
