// The owner is asked whose mail it is that waits, and answers: only by what a thief does not have. A word opens the window as it does in
// `cordon simulate`, and a replay has it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { Actor } from '../../src/model/order.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import {
  CUSTOMERS,
  type EpisodeWorld,
  episodeWorld,
  LEASES,
  SPAM,
} from '../support/episode-world.ts'
import { decoy } from '../support/annas-trouble.ts'
import { factorOfAnna } from '../support/one-code.ts'
import { shipped } from '../support/shipped.ts'

const firm = (n: number) => `customer${n}@firm${n}.example`
const many = (n: number) => Array.from({ length: n }, (_, i) => firm(i))
const pacing = { episodes: 'pace' } as const
const KIM: Actor = { kind: 'staff', name: 'kim' }
const from = { realm: 'main', address: '203.0.113.7', port: 4000 }
const ANNA: Actor = { kind: 'owner', subscriber: 'anna', from }
const BERT: Actor = { kind: 'owner', subscriber: 'bert', from }
const LINE = 'line:anna'
const LOGIN = 'login:anna@isp.example'

const tell = (
  world: EpisodeWorld,
  actor: Actor,
  order: { kind: string } & Record<string, unknown>,
) => world.cordon.engine.command({ actor, at: world.now(), order })
const answer = (world: EpisodeWorld, actor: Actor, more: Record<string, unknown> = {}) =>
  tell(world, actor, { kind: 'answer-question', subject: LINE, answer: 'was-me', ...more })
const words = ({ cordon: { journal } }: EpisodeWorld) =>
  journal.flatMap(one =>
    one.kind === 'word-given' ? [`${one.subject} ${one.said} by ${one.by}`] : [],
  )

/** A bot's day: who is reached by its end, after `says`. */
async function spamWith(says: (world: EpisodeWorld) => Promise<void>): Promise<readonly string[]> {
  const world = await episodeWorld({ ...pacing, factors: factorOfAnna() })
  for (const to of many(60)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  const reached = [...(await world.deliver('smart-host'))]
  await says(world)
  reached.push(...(await world.pass(20 * HOUR, 5 * MINUTE)))
  await world.cordon.close()
  return reached
}

test('a thief who says "it was me" with all that a password gives gains nothing', async () => {
  const silent = await spamWith(async () => undefined)
  const loud = await spamWith(async world => {
    const before = await world.paced()
    assert.ok(before.length > 40)
    for (const actor of [ANNA, BERT])
      for (const code of [{}, { factor: '' }, { factor: '000000' }]) {
        assert.equal((await answer(world, actor, code)).done, false)
        const mailing = { kind: 'announce-mailing', subject: LINE, recipients: 400, ...code }
        assert.equal((await tell(world, actor, mailing)).done, false)
        const open = { kind: 'open-window', subject: LINE, recipients: 9, hours: 9, why: 'me' }
        assert.equal((await tell(world, actor, open)).done, false)
      }
    for (const { message } of before.slice(0, 10)) {
      const { done, text } = await tell(world, ANNA, { kind: 'release-message', message })
      assert.equal(done, false)
      assert.match(text, /second factor/)
    }
    assert.deepEqual(await world.deliver('smart-host'), [])
    assert.deepEqual(words(world), [])
  })
  assert.deepEqual(loud, silent)
})

test('a thief who sets a new password, or says "not me" and then does, is known as before', async () => {
  for (const says of [[], [{ kind: 'answer-question', subject: LOGIN, answer: 'not-me' }]]) {
    const world = await episodeWorld({
      episodes: 'decide',
      budgets: shipped.budgets,
      factors: factorOfAnna(),
    })
    for (const [i, to] of many(4).entries()) {
      await world.send([to], SPAM, i < 2 ? '198.51.100.66' : '198.18.100.66')
      world.wait(MINUTE)
    }
    const before = (await world.view(LOGIN))?.suspicion ?? 0
    assert.ok(before > 9, `${before}`)
    for (const order of says) assert.equal((await tell(world, ANNA, order)).done, true)
    const password = 'a new and long password 77'
    const change = { kind: 'change-password', login: 'anna@isp.example', password }
    assert.equal((await tell(world, ANNA, change)).done, true)
    const { cases } = world.cordon.ledger
    if (says.length === 0) assert.ok(cases.inForce(LOGIN).some(({ byWindow }) => byWindow))
    assert.ok(
      cases.inForce(LOGIN).every(({ kind }) => kind !== 'stop-login'),
      'the login works',
    )
    await world.send([firm(9)], SPAM, '198.51.100.66')
    assert.ok(((await world.view(LOGIN))?.suspicion ?? 0) > before - 1, 'nothing is forgotten')
    assert.ok(cases.inForce(LOGIN).some(({ byWindow }) => byWindow))
    await world.cordon.engine.idle()
    await world.cordon.close()
  }
})

test('"it was me" with the second factor halves what is known, and opens the window once in two weeks', async () => {
  const world = await episodeWorld({ ...pacing, factors: factorOfAnna() })
  for (const to of many(40)) await world.send([to])
  await world.deliver('smart-host')
  assert.ok((await world.paced()).length > 20)
  assert.equal((await answer(world, BERT, { factor: '111111' })).done, false, 'another customer')
  assert.equal((await answer(world, ANNA, { factor: '111111' })).done, true)
  assert.deepEqual(words(world), ['line:anna was-me by owner'])
  await world.pass(15_000)
  assert.equal((await world.paced()).length, 0)
  assert.match((await answer(world, ANNA, { factor: '222222' })).text, /two weeks/)
  assert.match((await answer(world, KIM)).text, /two weeks/)
  await world.pass(15 * DAY, 12 * HOUR)
  assert.equal((await answer(world, KIM)).done, true)
  await world.cordon.close()
})

test('an announced mailing does not wait, and no more is announced on a day than may be at once', async () => {
  const world = await episodeWorld({ ...pacing, factors: factorOfAnna() })
  const mailing = { kind: 'announce-mailing', subject: LINE, recipients: 300, hours: 2 }
  assert.equal((await tell(world, ANNA, { ...mailing, factor: '111111' })).done, true)
  for (const to of many(50)) await world.send([to])
  assert.equal((await world.deliver('smart-host')).length, 50)
  assert.match(
    (await tell(world, ANNA, { ...mailing, recipients: 1900, factor: '222222' })).text,
    /No more than 2000/,
  )
  world.wait(2 * HOUR + MINUTE)
  for (let n = 200; n < 260; n++) await world.send([firm(n)])
  assert.ok((await world.paced()).length > 20, 'after its hours it is over')
  await world.cordon.close()
})

test('staff who release a case are told of what waits in the window', async () => {
  const world = await episodeWorld({ episodes: 'decide', budgets: shipped.budgets })
  for (const to of many(20)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  const waiting = (await world.paced()).length
  assert.ok(waiting > 10)
  const incident = world.cordon.ledger.cases.open(LINE)?.id
  const { text } = await tell(world, KIM, { kind: 'release', incident })
  assert.match(
    text,
    new RegExp(`${waiting} messages are waiting in the window, and go by themselves now`),
  )
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('staff open a window until a time, and say why', async () => {
  const world = await episodeWorld(pacing)
  const open = { kind: 'open-window', subject: LINE, recipients: 5000, hours: 48, why: 'K7-2M9Q' }
  const outcome = await tell(world, KIM, open)
  assert.match(outcome.text, /is open until 2026-01-07T08:00:00Z/)
  world.wait(40 * HOUR)
  for (const to of many(50)) await world.send([to])
  assert.equal((await world.deliver('smart-host')).length, 50)
  const [row] = await world.cordon.ledger.audit.list(1)
  assert.match(row?.target ?? '', /"why":"K7-2M9Q"/)
  assert.equal((await tell(world, KIM, { ...open, why: ' ' })).done, false)
  for (const subject of ['line:carla', 'login:carla'])
    assert.equal((await tell(world, KIM, { ...open, subject })).done, false, subject)
  await world.cordon.close()
})

test('"it was not me" stops the login, needs no more than the password, and isolates no line', async () => {
  const world = await episodeWorld(pacing)
  const login = 'login:anna@isp.example'
  const said = { kind: 'answer-question', answer: 'not-me' }
  assert.equal((await tell(world, BERT, { ...said, subject: login })).done, false)
  assert.equal((await tell(world, ANNA, { ...said, subject: login })).done, true)
  const { cases } = world.cordon.ledger
  assert.deepEqual(
    cases.inForce(login).map(({ kind }) => kind),
    ['stop-login'],
  )
  assert.equal((await tell(world, ANNA, { ...said, subject: LINE })).done, true)
  assert.deepEqual(cases.inForce(LINE), [])
  assert.deepEqual(words(world), [`${login} not-me by owner`, 'line:anna not-me by owner'])
  await world.cordon.close()
})

test('where the word cannot be kept the owner is told so, and may say it again', async () => {
  let isDown = false
  const inner = memoryStates(new MemoryCounters())
  const down = { failed: 'out of order' } as const
  const states: typeof inner = {
    load: keys => inner.load(keys),
    swap: swap => (isDown ? down : inner.swap(swap)),
  }
  const world = await episodeWorld({ ...pacing, states, trouble: () => undefined })
  isDown = true
  const refused = await answer(world, KIM)
  assert.ok(!refused.done && refused.unavailable)
  isDown = false
  assert.equal((await answer(world, KIM)).done, true)
  await world.cordon.close()
})

test('a hold that episodes decided is no case that a password ends', async () => {
  const friends = Array.from({ length: 20 }, (_, n) => `friend${n}@lake${n}.example`)
  const factors = factorOfAnna()
  const world = await episodeWorld({ episodes: 'decide', knows: friends, factors })
  for (let n = 0; n < 30; n++) {
    await world.send([firm(n)], SPAM)
    await world.deliver('smart-host')
    world.wait(MINUTE)
  }
  const incident = world.cordon.ledger.cases.open(LINE)?.id
  assert.ok(incident !== undefined)
  const before = (await world.view(LINE))?.sum
  const release = { kind: 'release', incident }
  for (const code of [{}, { factor: '000000' }])
    assert.equal((await tell(world, ANNA, { ...release, ...code })).done, false)
  assert.equal((await world.view(LINE))?.sum, before)
  assert.equal((await tell(world, ANNA, { ...release, factor: '111111' })).done, true)
  assert.equal((await world.view(LINE))?.sum, 0)
  await world.cordon.engine.idle()
  await world.cordon.close()
})

test('replayed from the journal the words of owners count the same, byte for byte', async () => {
  const states = memoryStates(new MemoryCounters())
  const world = await episodeWorld({ ...pacing, states, factors: factorOfAnna() })
  for (const to of many(40)) await world.send([to], SPAM)
  await answer(world, ANNA, { factor: '111111' })
  const open = { kind: 'open-window', subject: LINE, recipients: 50, hours: 30, why: 'x' }
  await tell(world, KIM, open)
  for (let n = 50; n < 90; n++) await world.send([firm(n)], SPAM)
  await world.pass(3 * HOUR, MINUTE)
  await world.cordon.engine.idle()
  const again = memoryStates(new MemoryCounters())
  const home = { subscribers: CUSTOMERS, leases: LEASES, domains: ['isp.example'], forwards: {} }
  const replay = await startReplay({ ...home, ...shipped, ...pacing, states: again })
  for (const event of world.cordon.journal) await replay.feed(event)
  await replay.end()
  await world.cordon.close()
  const bytes = async (store: typeof states) => {
    const found = await store.load([`episode:${LINE}`])
    return 'states' in found ? Buffer.from(found.states[0]?.bytes ?? []).toString('hex') : ''
  }
  assert.notEqual(await bytes(states), '')
  assert.equal(await bytes(again), await bytes(states))
})

/** A bot whose line is isolated for what the network saw and for its mail: whom it reaches after `says`, which is said every six hours. */
async function isolatedWith(
  says: (world: EpisodeWorld) => Promise<void>,
  factors?: ReturnType<typeof factorOfAnna>,
) {
  const world = await episodeWorld({
    episodes: 'decide',
    budgets: shipped.budgets,
    ...(factors ? { factors } : {}),
  })
  for (const to of many(40)) {
    await world.send([to], SPAM)
    world.wait(MINUTE)
  }
  await world.deliver('smart-host')
  world.cordon.engine.report(decoy('d1', world.now()))
  await world.cordon.engine.idle()
  assert.ok(isIsolated(world))
  for (const to of many(40)) await world.send([to], SPAM)
  const reached: string[] = []
  for (let n = 0; n < 8; n++) {
    await says(world)
    reached.push(...(await world.pass(6 * HOUR, 15 * MINUTE)).filter(one => one.includes('firm')))
    await world.send([firm(100 + n)], SPAM)
  }
  const sum = (await world.view(LINE))?.sum ?? 0
  const isolated = isIsolated(world)
  await world.cordon.engine.idle()
  await world.cordon.close()
  return { reached, sum, isolated }
}
const isIsolated = ({ cordon: { ledger } }: EpisodeWorld) =>
  ledger.cases.inForce(LINE).some(({ kind }) => kind === 'isolate')

const released = async (world: EpisodeWorld, code: Record<string, string> = {}) => {
  const incident = world.cordon.ledger.cases.open(LINE)?.id
  return incident === undefined
    ? undefined
    : await tell(world, ANNA, { kind: 'release', incident, ...code })
}
const sendsAll = async (world: EpisodeWorld) => {
  for (const { message } of await world.cordon.spool.list({ state: 'held' }))
    await tell(world, ANNA, { kind: 'release-message', message })
}

test('a thief at home who says that all is mended, and sends what is held, gains no more than any window gives', async () => {
  const silent = await isolatedWith(async () => undefined)
  assert.deepEqual(silent.reached, [])
  const loud = await isolatedWith(async world => {
    await released(world)
    await sendsAll(world)
  })
  // One in 48 hours is the least that a window lets go.
  assert.ok(loud.reached.length <= 1, `${loud.reached}`)
  assert.deepEqual([loud.sum, loud.isolated], [silent.sum, true])
})

test('… its owner says it with the code: nothing is known of the line then, and with a wrong one nothing is done', async () => {
  const codes = ['111111', '222222']
  const owner = await isolatedWith(async world => {
    const factor = codes.shift()
    if (factor === undefined) return
    const before = (await world.view(LINE))?.sum ?? 0
    assert.equal((await released(world, { factor: '000000' }))?.done, false)
    assert.equal((await world.view(LINE))?.sum, before)
    if (!isIsolated(world)) return
    assert.equal((await released(world, { factor }))?.done, true)
    assert.equal((await world.view(LINE))?.sum, 0)
  }, factorOfAnna())
  assert.ok(owner.sum < 18, `${owner.sum}`)
})
