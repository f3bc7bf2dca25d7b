// Complaints as evidence, from the mail to what is decided: forged ones frame no customer, those about a worm are the second kind beside
// what its filter says, and annoyed readers of a newsletter do not stop it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Complaint } from '../../src/model/complaint.ts'
import { DAY, HOUR, MINUTE } from '../../src/model/duration.ts'
import type { EventOf } from '../../src/model/event.ts'
import { type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const OURS = 'mail.isp.example'
const deciding = { episodes: 'decide', budgets: shipped.budgets, isolateByMail: 'act' } as const

/** Queue ids of the form of real ones, as Received lines have them. */
function queueNames() {
  let n = 0
  const next = (letter: string) => `${letter}${String(++n).padStart(6, '0')}`
  return {
    message: () => String(++n).padStart(16, '0'),
    record: () => next('r'),
    caseCode: () => next('C'),
  }
}

type ComplaintsWorld = EpisodeWorld & {
  /** Of the last message. */
  readonly report: (reporter?: string, message?: string) => Promise<Complaint>
  readonly lastMessage: () => string
  readonly restricted: () => readonly string[]
  readonly sum: () => Promise<number>
}

async function complaintsWorld(
  settings: Parameters<typeof episodeWorld>[0] = {},
): Promise<ComplaintsWorld> {
  const world = await episodeWorld({ ...deciding, names: queueNames(), ...settings })
  const { engine, journal } = world.cordon
  let count = 0
  const lastMessage = () =>
    journal.findLast((one): one is EventOf<'tx-commit'> => one.kind === 'tx-commit')?.message ?? ''
  const report = async (reporter?: string, message = lastMessage()) => {
    const received = `Received: from pc ([203.0.113.7]) by ${OURS} with ESMTPSA id ${message};`
    const raw = Buffer.from(`From: a@x.example\r\n\r\n${received}\r\nSubject: x\r\n\r\nBuy.`)
    const taken = await engine.complaints?.take({
      id: `c${++count}`,
      at: world.now(),
      raw,
      reporter,
    })
    await engine.idle()
    assert.ok(taken)
    return taken
  }
  const restricted = () =>
    journal.flatMap(one => (one.kind === 'decision-made' ? `${one.subject} ${one.what}` : []))
  const sum = async () => (await world.view('line:anna'))?.sum ?? 0
  return { ...world, report, lastMessage, restricted, sum }
}

async function over({ cordon }: EpisodeWorld): Promise<void> {
  await cordon.engine.idle()
  await cordon.close()
}

test('a hundred forged complaints frame no customer', async () => {
  const world = await complaintsWorld({ knows: ['friend@lake.example'] })
  await world.send(['friend@lake.example'])
  const why = new Map<string, number>()
  for (let i = 0; i < 100; i++) {
    // Not proven, of a domain of the forger's own, of a queue id that there is not.
    const reporter = i % 2 === 0 ? undefined : `forger${i}.example`
    const message = i % 5 === 0 ? '1M3K7Q2Z9ABCDEFG' : undefined
    const { noEvidence = 'unknown', trust } = await world.report(reporter, message)
    assert.equal(trust, undefined)
    why.set(noEvidence, (why.get(noEvidence) ?? 0) + 1)
    world.wait(10 * MINUTE)
  }
  assert.deepEqual(Object.fromEntries(why), { unknown: 20, 'not-proven': 40, 'not-received': 40 })
  assert.equal(await world.sum(), 0)
  assert.deepEqual(world.restricted(), [])
  await over(world)
})

test('an accomplice who gets mail each day and complains of each reaches less than a hold', async () => {
  const world = await complaintsWorld()
  let most = 0
  for (let day = 0; day < 120; day++) {
    await world.send([`a${day}@accomplice.example`])
    await world.deliver()
    await world.report('accomplice.example')
    most = Math.max(most, await world.sum())
    await world.pass(DAY, 6 * HOUR)
  }
  assert.ok(most > 2 && most < 3, `${most}`)
  assert.deepEqual(world.restricted(), [])
  await over(world)
})

const FRIENDS = Array.from({ length: 200 }, (_, i) => `friend${i}@town${i % 20}.example`)

/** A worm that writes to its owner's friends: recipients say nothing, and what a filter sees is one kind. */
async function worm(world: ComplaintsWorld, { complainers = 0 }): Promise<number> {
  const told = new Set<string>()
  let most = 0
  for (let day = 0; day < 6; day++) {
    for (let n = 0; n < 40; n++) {
      const friend = FRIENDS[(day * 40 + n) % FRIENDS.length] as string
      await world.send([friend], SPAM)
      const message = world.lastMessage()
      const town = friend.slice(friend.indexOf('@') + 1)
      const reached = await world.pass(15 * MINUTE, 15 * MINUTE)
      if (reached.includes(friend) && told.size < complainers && !told.has(town)) {
        told.add(town)
        await world.report(town, message)
      }
      most = Math.max(most, await world.sum())
    }
    await world.pass(14 * HOUR, HOUR)
  }
  return most
}

test('complaints are the second kind that isolates a worm of which a filter says "spam" and no more', async () => {
  const alone = await complaintsWorld({ knows: FRIENDS })
  assert.ok((await worm(alone, {})) < 12)
  assert.deepEqual(alone.restricted(), ['line:anna hold'])
  await over(alone)

  const reported = await complaintsWorld({ knows: FRIENDS })
  const most = await worm(reported, { complainers: 3 })
  assert.ok(most > 18, `${most}`)
  assert.deepEqual(reported.restricted(), ['line:anna hold', 'line:anna isolate'])
  const kinds = reported.cordon.ledger.cases.open('line:anna')?.kinds
  assert.deepEqual(kinds, ['reports', 'content'])
  await over(reported)
})

test('a newsletter whose readers complain goes on', async () => {
  const readers = Array.from({ length: 600 }, (_, i) => `reader${i}@provider${i % 60}.example`)
  const world = await complaintsWorld({ knows: readers, plan: 'business' })
  let most = 0
  for (let month = 0; month < 3; month++) {
    await world.send(readers)
    await world.deliver()
    // The worst case: of each provider a reader complains.
    for (let provider = 0; provider < 60; provider++)
      await world.report(`provider${provider}.example`)
    most = Math.max(most, await world.sum())
    await world.pass(30 * DAY, DAY)
  }
  // 7.5 nats: three of sixty count. A hold begins at 9, isolation at 18.
  assert.ok(most > 7.4 && most < 7.5, `${most}`)
  assert.deepEqual(world.restricted(), [])
  await over(world)
})
