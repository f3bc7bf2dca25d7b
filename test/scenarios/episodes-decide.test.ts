// Evidence by episodes that decides (`evidence.episodes: decide`): a hold by the window, a refused network, a stopped login, and a line isolated for
// its mail only where that is accepted. The same mail under today's default is the control.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryCounters } from '../../src/drivers/counters/memory.ts'
import { memoryStates } from '../../src/drivers/counters/memory-states.ts'
import { directSpool } from '../../src/drivers/spool/spool-direct.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/model/duration.ts'
import { StoreUnavailable } from '../../src/model/errors.ts'
import type { Event, EventOf } from '../../src/model/event.ts'
import { startReplay } from '../../src/simulation/virtual/replay.ts'
import { memoryLedger } from '../../src/simulation/virtual/virtual-cordon.ts'
import { decoy } from '../support/annas-trouble.ts'
import {
  CUSTOMERS,
  type EpisodeWorld,
  episodeWorld,
  LEASES,
  SPAM,
} from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const ANNA = 'anna@isp.example'
const THIEF = '198.51.100.66'
const deciding = { episodes: 'decide', budgets: shipped.budgets } as const
const victim = (n: number) => `victim${n}@town${n}.example`
const FRIENDS = Array.from({ length: 12 }, (_, n) => `friend${n}@lake.example`)

const made = (journal: readonly Event[]) =>
  journal.filter((one): one is EventOf<'decision-made'> => one.kind === 'decision-made')
const what = (journal: readonly Event[]) =>
  made(journal).map(({ subject, what: kind }) => `${subject} ${kind}`)

async function closed({ cordon }: EpisodeWorld): Promise<void> {
  await cordon.engine.idle()
  await cordon.close()
}

/** One spam every so often from Anna's own line, her friends' mail between. */
async function botOf(world: EpisodeWorld, spams: number, every = MINUTE): Promise<void> {
  for (let n = 0; n < spams; n++) {
    await world.send([victim(n)], SPAM)
    if (n % 10 === 3) await world.send([FRIENDS[n % 12] as string])
    await world.pass(every, every)
  }
  await world.cordon.engine.idle()
}

test('a bot in its owner’s mail is held by the window within a quarter of an hour, and no line is isolated', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  const began = world.now()
  await botOf(world, 40)
  const [hold] = made(world.cordon.journal)
  assert.deepEqual(what(world.cordon.journal), ['line:anna hold'])
  assert.ok(hold && hold.at - began < 14 * MINUTE, `${hold && (hold.at - began) / MINUTE} minutes`)
  const incident = world.cordon.ledger.cases.open('line:anna')
  assert.equal(incident?.status, 'held')
  assert.match(incident?.summary ?? '', /^Mail waits in the window \(/)
  assert.deepEqual(await world.cordon.spool.list({ state: 'held' }), [], 'nothing is held for it')
  assert.ok((await world.paced()).length > 30)
  await closed(world)
})

test('a hold ends by itself, at the latest when its suspicion is forgotten', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  await botOf(world, 12)
  assert.deepEqual(what(world.cordon.journal), ['line:anna hold'])
  const until = made(world.cordon.journal)[0]?.until ?? 0
  assert.ok(until - world.now() < 60 * DAY)
  for (let day = 0; day < 60 && world.cordon.ledger.cases.inForce('line:anna').length > 0; day++) {
    world.wait(DAY)
    await world.cordon.engine.chores.deadlines(world.now())
  }
  assert.deepEqual(world.cordon.ledger.cases.inForce('line:anna'), [])
  const ended = world.cordon.journal.filter(one => one.kind === 'decision-ended')
  assert.deepEqual(
    ended.map(({ endedBy }) => endedBy),
    ['time'],
  )
  await closed(world)
})

test('a release by staff ends the hold and what is known of the subject', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  await botOf(world, 12)
  const incident = world.cordon.ledger.cases.open('line:anna')?.id ?? ''
  const order = { kind: 'release', incident } as const
  const actor = { kind: 'staff', name: 'kim' } as const
  const answer = await world.cordon.engine.command({ actor, at: world.now(), order })
  assert.ok(answer.done, answer.text)
  assert.equal((await world.view('line:anna'))?.sum, 0)
  await world.send([FRIENDS[0] as string])
  assert.deepEqual(world.cordon.ledger.cases.inForce('line:anna'), [])
  assert.equal((await world.deliver('smart-host')).includes(FRIENDS[0] as string), true)
  await closed(world)
})

/** Spam from a foreign network with a stolen password; `false` where AUTH is refused. */
const canLogIn = async (world: EpisodeWorld, address: string): Promise<boolean> => {
  const judged = await world.cordon.engine.judge({
    session: 'a',
    listener: 'submission',
    stage: 'auth',
    at: world.now(),
    client: { realm: 'main', address, port: 4000 },
    tls: true,
    helo: 'x',
    login: ANNA,
  })
  return judged.verdict.kind !== 'reject'
}

async function thiefIn(world: EpisodeWorld, most: number): Promise<number> {
  for (let n = 0; n < most; n++) {
    if (!(await canLogIn(world, THIEF))) return n
    await world.send([victim(n)], SPAM, THIEF)
    await world.pass(3 * MINUTE, 3 * MINUTE)
  }
  return most
}

test('a stolen password is refused in the thief’s network, and works for its owner at home and elsewhere', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  const sent = await thiefIn(world, 30)
  assert.ok(sent <= 12, `${sent} messages`)
  const { cases } = world.cordon.ledger
  assert.match(cases.open('login:anna@isp.example')?.summary ?? '', /refused from a network/)
  assert.equal(await canLogIn(world, '203.0.113.7'), true, 'at home')
  assert.equal(await canLogIn(world, '192.0.2.9'), true, 'elsewhere')
  assert.equal(await canLogIn(world, '198.51.200.1'), false, 'the same network')
  const order = {
    kind: 'release',
    incident: cases.open('login:anna@isp.example')?.id ?? '',
  } as const
  const actor = { kind: 'staff', name: 'kim' } as const
  await world.cordon.engine.command({ actor, at: world.now(), order })
  assert.equal(await canLogIn(world, THIEF), true, 'released')
  await closed(world)
})

test('a thief who moves from network to network has the login stopped', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  const reached: string[] = []
  for (let n = 0; n < 60; n++) {
    const address = `198.${n % 60}.100.66`
    if (!(await canLogIn(world, address))) continue
    await world.send([victim(n)], SPAM, address)
    reached.push(...(await world.pass(3 * MINUTE, 3 * MINUTE)))
  }
  assert.ok(what(world.cordon.journal).includes('login:anna@isp.example stop-login'))
  assert.equal(await canLogIn(world, '203.0.113.7'), false, 'everywhere')
  assert.ok(reached.includes(ANNA), 'its owner gets a letter')
  await closed(world)
})

/** Two days of spam to new people and known ones, of which other servers refuse a part. */
async function longBot(world: EpisodeWorld): Promise<void> {
  for (let day = 0; day < 4; day++) {
    for (let n = 0; n < 40; n++) {
      await world.send([victim(day * 100 + n)], SPAM)
      await world.deliver(n % 2 === 0 ? 'spam-refused' : 'unknown-user')
      world.wait(5 * MINUTE)
    }
    await world.pass(20 * HOUR, HOUR)
  }
  await world.cordon.engine.idle()
}

test('a line is isolated for its mail only where that is accepted in so many words', async () => {
  const observed = await episodeWorld({ ...deciding })
  await longBot(observed)
  const told = observed.cordon.journal.filter(
    one => one.kind === 'episode-decided' && one.decision === 'isolate',
  )
  assert.ok(told.length > 0, 'it would')
  assert.ok(told.every(one => 'shadow' in one && one.shadow))
  assert.ok(!what(observed.cordon.journal).includes('line:anna isolate'))
  assert.match(observed.cordon.ledger.cases.open('line:anna')?.summary ?? '', /it would isolate/)
  await closed(observed)
  const acting = await episodeWorld({ ...deciding, isolateByMail: 'act' })
  await longBot(acting)
  assert.ok(what(acting.cordon.journal).includes('line:anna isolate'))
  await closed(acting)
})

test('what the network sees isolates within a second, also where mail is held by the window', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  await botOf(world, 12)
  const at = world.now()
  world.cordon.engine.report(decoy('d1', at))
  await world.cordon.engine.idle()
  const isolated = made(world.cordon.journal).find(one => one.what === 'isolate')
  assert.ok(isolated && isolated.at - at <= SECOND)
  assert.equal((await world.paced()).length, 0, 'what waited in the window is held for the case')
  await closed(world)
})

test('after a restart what was decided is in force still, and is decided once', async () => {
  const shared = { states: memoryStates(new MemoryCounters()), ledger: await memoryLedger() }
  const spool = directSpool()
  const first = await episodeWorld({ ...deciding, ...shared, spool, knows: FRIENDS })
  await thiefIn(first, 30)
  await first.cordon.engine.idle()
  const second = await episodeWorld({ ...deciding, ...shared, spool, begins: first.now() })
  assert.equal(await canLogIn(second, THIEF), false)
  assert.equal(await canLogIn(second, '203.0.113.7'), true)
  await closed(second)
})

test('ended between a record and its case, Cordon decides with the next message', async () => {
  const ledger = await memoryLedger()
  let dead = true
  const saveCase: typeof ledger.cases.saveCase = change => {
    if (dead) throw new StoreUnavailable('ended')
    return ledger.cases.saveCase(change)
  }
  const { cases } = ledger
  const dying = new Proxy(cases, {
    get: (of, name) => {
      const found: unknown = name === 'saveCase' ? saveCase : Reflect.get(of, name)
      return typeof found === 'function' ? found.bind(of) : found
    },
  })
  const lost: unknown[] = []
  const world = await episodeWorld({
    ...deciding,
    knows: FRIENDS,
    ledger: { ...ledger, cases: dying },
    trouble: error => void lost.push(error),
  })
  await botOf(world, 15)
  assert.ok(lost.length > 0 && cases.open('line:anna') === undefined)
  dead = false
  await world.send([FRIENDS[0] as string])
  assert.equal(cases.open('line:anna')?.status, 'held')
  assert.deepEqual(what(world.cordon.journal), ['line:anna hold'])
  await closed(world)
})

test('replayed from the journal the same is decided', async () => {
  const world = await episodeWorld({ ...deciding, knows: FRIENDS })
  await thiefIn(world, 30)
  await botOf(world, 30)
  await world.cordon.engine.idle()
  const replay = await startReplay({
    subscribers: CUSTOMERS,
    leases: LEASES,
    domains: ['isp.example'],
    forwards: {},
    ...shipped,
    episodes: 'decide',
  })
  for (const event of world.cordon.journal) await replay.feed(event)
  const again = await replay.end()
  const told = (all: readonly EventOf<'decision-made'>[]) =>
    all.map(({ at, subject, what: kind, until }) => ({ at, subject, kind, until }))
  assert.ok(again.length >= 2)
  assert.deepEqual(told(again), told(made(world.cordon.journal)))
  await closed(world)
})
