// People who send ordinary mailings, with a scanner that takes one clean message of fifty for spam: under `evidence.episodes: decide` none of their
// lines is isolated, and none of their mail comes back. Under today's default the table of single messages isolates them: the control.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/model/duration.ts'
import type { EpisodeMode } from '../../src/model/episode.ts'
import { CUSTOMERS, episodeWorld, SPAM } from '../support/episode-world.ts'
import { shipped } from '../support/shipped.ts'

const FRIENDS = Array.from({ length: 25 }, (_, n) => `friend${n}@lake.example`)
const MISJUDGED = 0.02
const GONE = 0.03
const OFTEN = 15 * MINUTE

type LaterMail = { readonly after: number; readonly to: string }
type Mailer = {
  readonly plan: 'consumer' | 'business'
  readonly sends: (chance: () => number) => readonly LaterMail[]
}

/** The same numbers for the same seed. */
function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

const DOMAINS = [
  () => 'bigmail.example',
  () => 'webmail.example',
  (name: string) => `${name}.example`,
]

function people(count: number, name: string, chance: () => number): readonly string[] {
  return Array.from({ length: count }, (_, n) => {
    const domain = DOMAINS[n % 3]?.(`${name}${n}`)
    return `${chance() < GONE ? 'gone-' : ''}${name}${n}@${domain}`
  })
}

const daily = (days: number, perDay: number, to: () => string, chance: () => number) =>
  Array.from(
    { length: days * perDay },
    (_, n): LaterMail => ({
      after: Math.floor(n / perDay) * DAY + 13 * HOUR * chance(),
      to: to(),
    }),
  )

const oneByOne = (after: number, all: readonly string[], gap: number) =>
  all.map((to, n): LaterMail => ({ after: after + n * gap, to }))

const friend = (chance: () => number) => () => FRIENDS[Math.floor(chance() * 25)] as string

const MAILERS: Readonly<Record<string, Mailer>> = {
  '45 invoices on the first of the month': {
    plan: 'consumer',
    sends: chance => [
      ...daily(5, 4, friend(chance), chance),
      ...oneByOne(DAY + HOUR, people(45, 'customer', chance), 30 * SECOND),
    ],
  },
  '200 invoices of a business': {
    plan: 'business',
    sends: chance => [
      ...daily(5, 10, friend(chance), chance),
      ...oneByOne(DAY + HOUR, people(200, 'billed', chance), 5 * SECOND),
    ],
  },
  'a list of 300, one by one, twice': {
    plan: 'consumer',
    sends: chance => {
      const list = people(300, 'subscriber', chance)
      return [
        ...daily(10, 3, friend(chance), chance),
        ...[1, 8].flatMap(day => oneByOne(day * DAY + HOUR, list, SECOND)),
      ]
    },
  },
  'a ticket system that answers 60 new people a day': {
    plan: 'business',
    sends: chance =>
      daily(5, 60, () => people(1, `t${Math.floor(chance() * 1e7)}`, chance)[0] as string, chance),
  },
}

async function sent(mailer: Mailer, episodes: EpisodeMode, seed: number) {
  const chance = chanceOf(seed)
  const subscribers = CUSTOMERS.map(one => ({ ...one, plan: mailer.plan }))
  const budgets = shipped.budgets
  const world = await episodeWorld({ episodes, budgets, subscribers, knows: FRIENDS })
  const { engine, spool, journal } = world.cordon
  const begun = world.now()
  const look = async () => {
    await engine.chores.window(world.now())
    await engine.chores.deadlines(world.now())
    await engine.chores.secondLook(world.now())
    await deliver()
  }
  const deliver = async () => {
    await world.deliver(to => (to.startsWith('gone-') ? 'unknown-user' : undefined))
    await engine.idle()
  }
  /** The chores, until then or until nothing waits. */
  const settle = async (until: number) => {
    while (world.now() + OFTEN < until && (await spool.list({ limit: 1 })).length > 0) {
      world.wait(OFTEN)
      await look()
    }
  }
  for (const { after, to } of mailer.sends(chance).toSorted((a, b) => a.after - b.after)) {
    const due = begun + Math.round(after)
    await settle(due)
    world.wait(Math.max(0, due - world.now()))
    await world.send([to], chance() < MISJUDGED ? SPAM : undefined)
    await deliver()
  }
  await settle(world.now() + 8 * DAY)
  const isolated = journal.some(one => one.kind === 'decision-made' && one.what === 'isolate')
  const expired = journal.filter(one => one.kind === 'held-settled' && one.outcome === 'expired')
  await engine.idle()
  await world.cordon.close()
  return { isolated, returned: expired.length }
}

for (const [name, mailer] of Object.entries(MAILERS)) {
  test(`${name}: no line is isolated and nothing comes back`, async () => {
    for (const seed of [1, 2]) {
      const { isolated, returned } = await sent(mailer, 'decide', seed)
      assert.deepEqual({ isolated, returned }, { isolated: false, returned: 0 }, `seed ${seed}`)
    }
  })

  test(`${name}: the table of single messages isolates them (the control)`, async () => {
    const seeds = [1, 2, 3, 4, 5, 6]
    for (const seed of seeds) if ((await sent(mailer, 'shadow', seed)).isolated) return
    assert.fail('in none of six runs')
  })
}
