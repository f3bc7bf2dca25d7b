// Mail that a customer's line sends straight to our own exchangers (listener `inbound`) is evidence of the line, as any mail of it is, and
// waits for the line's window. A stranger's mail is not, nor what a server on the line passes on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, MINUTE } from '../../src/model/duration.ts'
import { type EpisodeWorld, episodeWorld, SPAM } from '../support/episode-world.ts'

const HOME = '203.0.113.7'
const STRANGER = '192.0.2.99'
const LINE = 'line:anna'
const pacing = { episodes: 'pace' } as const

type SentInbound = {
  readonly to: readonly string[]
  readonly text?: string
  readonly from?: string
  readonly header?: string
}

async function sendInbound(
  world: EpisodeWorld,
  { to, text = SPAM, from = HOME, header = '' }: SentInbound,
) {
  const at = world.now()
  const draft = await world.cordon.engine.open({
    session: 's',
    listener: 'inbound',
    at,
    client: { realm: 'main', address: from, port: 4000 },
    tls: false,
    helo: 'x',
    sender: `forged${at}@else.example`,
    recipients: to,
    extended: true,
    esmtp: {},
  })
  const head = `From: <forged@else.example>\r\nMessage-ID: <${at}@else.example>\r\n${header}`
  await draft.write(Buffer.from(`${head}\r\n${text} ${at}\r\n`))
  const { verdict } = await draft.finish()
  await world.cordon.engine.idle()
  return verdict.kind
}

const neighbour = (n: number) => `neighbour${n}@isp.example`

async function spammed(world: EpisodeWorld, letter: Omit<SentInbound, 'to'> = {}, n = 30) {
  const kinds = new Set<string>()
  for (let i = 0; i < n; i++) {
    kinds.add(await sendInbound(world, { to: [neighbour(i)], ...letter }))
    world.wait(MINUTE)
  }
  return kinds
}

const factsOf = (world: EpisodeWorld) =>
  world.cordon.journal.flatMap(one => (one.kind === 'tx-commit' ? [one.facts] : []))

test('a bot that spams our own mailboxes past the login is seen, and its mail waits', async () => {
  const world = await episodeWorld(pacing)
  assert.deepEqual(await spammed(world), new Set(['accept']), '250 is said at once')
  assert.ok((await world.deliver('smart-host')).length <= 4)
  const view = await world.view(LINE)
  assert.ok(view && view.suspicion > 6, `${view?.suspicion}`)
  assert.ok((await world.paced()).length >= 26)
  await world.cordon.close()
})

test('the evidence in force hears of it, too', async () => {
  const world = await episodeWorld({ episodes: 'shadow' })
  await spammed(world)
  assert.ok((world.cordon.ledger.cases.open(LINE)?.sum ?? 0) > 5)
  await world.cordon.close()
})

test('a stranger feeds no line, and nothing of theirs waits', async () => {
  const world = await episodeWorld(pacing)
  await spammed(world, { from: STRANGER })
  assert.equal((await world.deliver('smart-host')).length, 30)
  assert.ok(factsOf(world).every(({ exempt, subjects }) => exempt && subjects.length === 0))
  await world.cordon.close()
})

test('what a line sends to the mailboxes of its own customer reaches no other person: no evidence', async () => {
  const world = await episodeWorld(pacing)
  for (let i = 0; i < 30; i++) {
    await sendInbound(world, { to: ['anna@isp.example'] })
    world.wait(MINUTE)
  }
  assert.equal((await world.deliver('smart-host')).length, 30)
  assert.equal(await world.view(LINE), undefined)
  await world.cordon.close()
})

const RECEIVED = 'Received: from far by home; Mon, 5 Jan 2026 08:00:00 +0000\r\n'

test('that it passes mail on is believed of a line that runs a mail server, and of no other', async () => {
  const world = await episodeWorld(pacing)
  await spammed(world, { header: RECEIVED })
  assert.ok((await world.paced()).length >= 26, 'a bot can write Received, too')
  await world.cordon.close()
  const server = await episodeWorld({ ...pacing, plan: 'expert' })
  await spammed(server, { header: RECEIVED })
  assert.deepEqual(await server.paced(), [])
  await spammed(server)
  assert.ok((await server.paced()).length >= 20, 'what it makes itself is its own')
  await server.cordon.close()
})

test('people who send a little straight to their neighbours wait for nothing, and their neighbours become known', async () => {
  const world = await episodeWorld(pacing)
  for (let i = 0; i < 3; i++) {
    for (const n of [0, 1, 2])
      await sendInbound(world, { to: [neighbour(n)], text: 'Good morning' })
    world.wait(MINUTE)
  }
  assert.equal((await world.deliver('smart-host')).length, 9)
  assert.deepEqual(
    factsOf(world).map(({ firstTime }) => firstTime),
    [1, 1, 1, 0, 0, 0, 0, 0, 0],
  )
  await world.cordon.close()
})

test('what waited too long ends: the owner of a forged address hears nothing of it', async () => {
  const world = await episodeWorld(pacing)
  await spammed(world, {}, 100)
  const reached = await world.pass(7 * DAY, 30 * MINUTE)
  assert.deepEqual(await world.cordon.spool.list({}), [], 'nothing waits for ever')
  const ended = world.cordon.journal.filter(one => one.kind === 'held-settled')
  assert.ok(ended.length > 0 && ended.every(({ outcome }) => outcome === 'expired'))
  assert.ok(reached.length > 0 && reached.every(to => to.endsWith('@isp.example')), 'no report')
  await world.cordon.close()
})
