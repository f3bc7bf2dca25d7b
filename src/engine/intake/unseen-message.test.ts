// What is known of mail that another server keeps and does not show, from the policy service's steps to what follows.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW, smallCordon } from '../../../test/support/small-cordon.ts'
import { MINUTE } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { Step } from '../../model/step.ts'
import { MemoryCounters } from '../../drivers/counters/memory.ts'
import type { Batch } from '../../model/counter.ts'

const HOME = { realm: 'main', address: '203.0.113.7', port: 4000 }
const ELSEWHERE = { realm: 'main', address: '198.51.100.7', port: 4000 }
const ANNA = 'anna@isp.example'

let names = 0
const step = (about: Partial<Step> = {}): Step => ({
  session: 's',
  listener: 'submission',
  stage: 'message',
  at: NOW,
  client: ELSEWHERE,
  tls: true,
  helo: 'home.example',
  login: ANNA,
  sender: ANNA,
  recipients: [`stranger${names++}@meadow.example`],
  recipientCount: 1,
  commits: true,
  ...about,
})

test('a stolen login writes to strangers from a new network: held, then stopped', async () => {
  const cordon = await smallCordon(undefined, {}, {}, { episodes: 'shadow' })
  const { engine } = cordon
  const login = (client: Step['client'], at: number) =>
    engine.report({
      kind: 'link-auth',
      at,
      session: 's',
      listener: 'submission',
      who: { ...client, login: ANNA, sure: 'unknown' },
      ok: true,
      network: client.address,
    })
  login(HOME, NOW)
  await engine.idle()
  login(ELSEWHERE, NOW + MINUTE)
  await engine.idle()
  const ends: string[] = []
  for (let i = 0; i < 30 && !ends.includes('reject login-stopped'); i++) {
    const { verdict } = await engine.judge(step({ at: NOW + i * MINUTE }))
    ends.push(verdict.kind === 'accept' ? 'accept' : `${verdict.kind} ${verdict.reason}`)
    await engine.idle()
  }
  assert.deepEqual([...new Set(ends)], ['accept', 'hold evidence', 'reject login-stopped'])
  await cordon.close()
})

test('an infected machine writes to strangers from its own line: its mail waits, and no line is isolated by that', async () => {
  const cordon = await smallCordon(undefined, {}, {}, { episodes: 'shadow' })
  const ends: string[] = []
  for (let i = 0; i < 40; i++) {
    const about = { listener: 'trusted-network', client: HOME, at: NOW + i * MINUTE } as const
    const { login: _login, ...asked } = step(about)
    ends.push((await cordon.engine.judge(asked)).verdict.kind)
  }
  assert.equal(ends.at(-1), 'hold')
  assert.ok(ends.indexOf('hold') < 12, ends.join(' '))
  await cordon.engine.idle()
  assert.deepEqual(cordon.network(), [])
  const known = cordon.journal.filter(event => event.kind === 'tx-commit')
  assert.ok(known.every(({ facts }) => facts.content === 'unseen'))
  await cordon.close()
})

test('mail to known correspondents, and recipients known only by number, are no evidence; a number is counted', async () => {
  const cordon = await smallCordon(undefined, {}, {}, { episodes: 'shadow' })
  const { engine } = cordon
  const friends = ['a@meadow.example', 'b@meadow.example']
  for (let i = 0; i < 6; i++) {
    const at = NOW + i * 20 * MINUTE
    await engine.judge(step({ recipients: friends, recipientCount: 2, at }))
    await engine.judge(step({ recipients: [], recipientCount: 25, at }))
  }
  await engine.idle()
  const sums = cordon.journal.filter(event => event.kind === 'evidence-weighed')
  assert.equal(sums.length, 1, 'the first to these friends')
  const counted = cordon.journal.filter(event => event.kind === 'tx-commit')
  assert.deepEqual([...new Set(counted.map(({ facts }) => facts.recipients))], [2, 25])
  await cordon.close()
})

const factsOf = (cordon: { journal: readonly NewEvent[] }) =>
  cordon.journal.flatMap(event => (event.kind === 'tx-commit' ? [event.facts] : []))

test('recipients that the server refused are no more first-timers than it took recipients', async () => {
  const cordon = await smallCordon(undefined, {}, {}, { episodes: 'shadow' })
  const { engine } = cordon
  const friends = ['a@meadow.example', 'b@meadow.example']
  await engine.judge(step({ recipients: friends, recipientCount: 2 }))
  await engine.idle()
  const old = Array.from({ length: 15 }, (_, i) => `gone${i}@meadow.example`)
  await engine.judge(
    step({ recipients: [...old, ...friends], recipientCount: 2, at: NOW + MINUTE }),
  )
  await engine.idle()
  const [, facts] = factsOf(cordon)
  assert.deepEqual([facts?.recipients, facts?.firstTime], [2, 2])
  const commits = cordon.journal.filter(event => event.kind === 'tx-commit')
  assert.deepEqual(
    commits.map(({ correspondents }) => correspondents.length),
    [2, 2],
  )
  await cordon.close()
})

test('friends whom the server refuses hide no stranger, and strangers whom it refused stay strangers', async () => {
  const cordon = await smallCordon(undefined, {}, {}, { episodes: 'shadow' })
  const { engine } = cordon
  const people = (name: string, length: number) =>
    Array.from({ length }, (_, i) => `${name}${i}@meadow.example`)
  const [friends, strangers] = [people('friend', 30), people('other', 10)]
  await engine.judge(step({ recipients: friends, recipientCount: 30 }))
  await engine.idle()
  const mixed = { recipients: [...friends, ...strangers], recipientCount: 10 }
  await engine.judge(step({ ...mixed, at: NOW + MINUTE }))
  await engine.idle()
  await engine.judge(step({ recipients: strangers, recipientCount: 10, at: NOW + MINUTE }))
  await engine.idle()
  const later = people('later', 40)
  await engine.judge(step({ recipients: later, recipientCount: 2, at: NOW + 2 * MINUTE }))
  await engine.idle()
  await engine.judge(step({ recipients: later, recipientCount: 40, at: NOW + 3 * MINUTE }))
  await engine.idle()
  assert.deepEqual(
    factsOf(cordon).map(({ firstTime }) => firstTime),
    [30, 10, 0, 2, 38],
  )
  await cordon.close()
})

test('asked again under its name it counts once, also by a Cordon that was started in between', async () => {
  const counters = new MemoryCounters()
  const taken: Batch[] = []
  const counting = {
    apply: (batch: Batch) => {
      if (batch.mode === 'take') taken.push(batch)
      return counters.apply(batch)
    },
  }
  const { engine, close } = await smallCordon(undefined, {}, {}, { counters: counting })
  const first = await engine.judge(step({ once: 'a1.2.3.x', recipientCount: 3 }))
  await engine.idle()
  assert.equal(first.verdict.kind, 'accept')
  await close()
  const next = await smallCordon(undefined, {}, {}, { counters: counting })
  taken.length = 0
  assert.deepEqual(
    (await next.engine.judge(step({ once: 'a1.2.3.x', recipientCount: 3 }))).verdict,
    first.verdict,
  )
  await next.engine.idle()
  assert.deepEqual(taken, [])
  assert.equal(next.journal.filter(event => event.kind === 'tx-commit').length, 0)
  await next.engine.judge(step({ once: 'a1.2.4.x', recipientCount: 3 }))
  assert.ok(taken.length > 0, 'the next one is another')
  await next.close()
})

test('what another server takes by our answer is written before it; what is judged before is not waited for', async () => {
  const counters = new MemoryCounters()
  const kept: string[] = []
  const counting = {
    apply: (batch: Batch) => {
      if (batch.ops.some(op => op.op === 'sum' && op.kept)) kept.push(batch.mode)
      return counters.apply(batch)
    },
  }
  const { engine, close } = await smallCordon(undefined, {}, {}, { counters: counting })
  await engine.judge({ ...step(), stage: 'rcpt', recipient: 'a@meadow.example' })
  assert.deepEqual(kept, [])
  await engine.judge(step())
  assert.deepEqual(kept, ['take'])
  await close()
})

test('one trip to know, and one to count, where nothing is out of the ordinary', async () => {
  const counters = new MemoryCounters()
  const trips: Batch['mode'][] = []
  const counting = {
    apply: (batch: Batch) => {
      trips.push(batch.mode)
      return counters.apply(batch)
    },
  }
  const { engine, close } = await smallCordon(undefined, {}, {}, { counters: counting })
  const friend = { recipients: ['friend@meadow.example'] }
  await engine.judge(step(friend))
  await engine.idle()
  trips.length = 0
  await engine.judge(step(friend))
  assert.deepEqual(trips, ['peek', 'take'])
  await engine.idle()
  await close()
})
