// One run: all play their part at once, and at the end it is counted what came of it.

import { request } from 'node:http'
import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import { type BotLife, newLife, playBot, subjectOf } from './bots.ts'
import { type Ending, playOwner } from './owners.ts'
import { playPeople } from './people.ts'
import type { BotReport, OwnerReport, PersonReport, Report, StoryEnd } from './report.ts'
import { type Bot, residentOf } from '../population/plan.ts'
import { pause, type Tallied, type World } from './world.ts'

export type Played = { readonly report: Report; readonly end: StoryEnd }

/** Plays the plan for its seconds, or until `signal`; then waits for what is still on its way. */
export async function playStory(
  given: Omit<World, 'tally' | 'passwords' | 'stopped'>,
  signal: AbortSignal,
): Promise<Played> {
  const { plan } = given
  const over = new AbortController()
  const stopped = AbortSignal.any([signal, over.signal])
  const passwords = new Map(plan.residents.map(one => [one.login, one.password]))
  const world: World = { ...given, passwords, tally: [], stopped }
  const lives = plan.bots.map(bot => newLife(bot.id, bot))
  const ending: Ending = { ownerMailedAgain: false, loginReleased: false, relapse: undefined }
  watchContainment(world, lives)
  for (const bot of plan.bots) if (bot.redirected) await redirect25(world, bot.owner)
  const acts = [
    playPeople(world),
    ...plan.bots.map(async (bot, i) => {
      const life = lives[i] as BotLife
      if (!(await pause(bot.startsAt, stopped))) return
      await Promise.all([playBot(world, life), playOwner(world, life, ending, lives)])
    }),
  ]
  await pause(plan.seconds * 1000 * 0.93, stopped)
  over.abort()
  await Promise.all(acts)
  await drained(world, signal)
  return { report: count(world, lives), end: endOf(world, ending) }
}

/** Notes the moment the router, or the refusal of a login, contains each bot. */
function watchContainment(world: World, lives: BotLife[]): void {
  const contain = (life: BotLife) => {
    if (life.startedAt === 0 || life.containedAt !== undefined) return
    life.containedAt = performance.now()
    life.attemptsUntilContained = life.attempted
  }
  world.router.onChange((entry, inForce) => {
    if (!inForce || entry.state !== 'isolated') return
    for (const life of lives)
      if (life.bot.kind !== 2 && life.bot.owner === entry.subscriber) contain(life)
  })
  const timer = setInterval(() => {
    for (const life of lives)
      if (isMet(world, { bot: life.bot, subject: subjectOf(world, life.bot) })) contain(life)
  }, 20)
  world.stopped.addEventListener('abort', () => clearInterval(timer))
}

/** A thief is refused or stopped, or mail of a bot in its owner's mail waits. */
function isMet({ watcher }: World, { bot, subject }: { bot: Bot; subject: Subject }): boolean {
  if (bot.kind === 1) return false
  const milder = watcher.milder.get(subject)?.what
  return bot.kind === 3
    ? milder !== undefined
    : milder === 'refuse-network' || watcher.decisions.has(subject)
}

/** Staff turn a suspect's port 25 round, by an order on the control socket. */
function redirect25(world: World, subscriber: string): Promise<void> {
  const order = {
    subject: lineOf(subscriber),
    decision: 'redirect-25',
    hours: 24,
    why: 'suspected by the night shift',
  }
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        socketPath: world.controlSocket,
        method: 'POST',
        path: '/api/v1/orders/impose?by=night+shift',
        headers: { 'content-type': 'application/json' },
      },
      response => {
        const { statusCode } = response.resume()
        response.on('end', () =>
          statusCode === 200
            ? resolve()
            : reject(new Error(`the order was answered ${statusCode}`)),
        )
      },
    )
    sent.on('error', reject).end(JSON.stringify(order))
  })
}

/** Waits until everything taken and not held has arrived, or for a tenth of the run. */
async function drained(world: World, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + Math.max(5000, world.plan.seconds * 100)
  const missing = () =>
    world.tally.filter(
      one =>
        one.taken &&
        !arrived(world, one) &&
        !world.watcher.held.has(one.queueId ?? '') &&
        one.bot === undefined,
    )
  while (missing().length > 0 && performance.now() < deadline)
    if (!(await pause(100, signal))) return
}

/** All recipients that exist have it. */
function arrived(world: World, letter: Tallied): boolean {
  const at = world.outside.arrivals.get(letter.id)
  // What a forwarder forwards arrives at the address it is forwarded to, any address.
  if (letter.to.every(address => address.endsWith('@isp.example'))) return at !== undefined
  return letter.to.every(address => address.startsWith('gone-') || at?.has(address) === true)
}

function count(world: World, lives: readonly BotLife[]): Report {
  const { plan, watcher } = world
  const owners = new Set(plan.bots.map(bot => bot.owner))
  const isHeld = (one: Tallied) => watcher.held.has(one.queueId ?? '')
  const contained = (subject: Parameters<typeof watcher.decisions.get>[0]) =>
    watcher.decisions.has(subject)
  const bots = lives.map((life): BotReport => {
    const mine = world.tally.filter(one => one.bot === life.name)
    const decisions = watcher.decisions.get(subjectOf(world, life.bot)) ?? []
    // The first life's decision is the first; a relapse's is the last.
    const decision =
      (life.name.endsWith('relapse') ? decisions.at(-1) : decisions[0]) ??
      watcher.milder.get(subjectOf(world, life.bot))
    return {
      id: life.name,
      kind: life.bot.kind,
      attempted: life.attempted,
      delivered: mine.filter(one => world.outside.arrivals.has(one.id)).length,
      held: mine.filter(isHeld).length,
      refused:
        life.refused + mine.filter(one => one.taken && world.outside.refused.has(one.id)).length,
      containedAfterMs:
        life.containedAt === undefined ? null : Math.round(life.containedAt - life.startedAt),
      attemptsUntilContained: life.attemptsUntilContained ?? null,
      decision: life.containedAt === undefined ? null : (decision?.what ?? null),
    }
  })
  const letters = (id: string) =>
    world.tally.filter(one => one.resident === id && one.bot === undefined)
  const people = plan.residents
    .filter(one => !owners.has(one.id))
    .map((one): PersonReport => {
      const mine = letters(one.id)
      return {
        id: one.id,
        sent: mine.filter(letter => letter.taken).length,
        delivered: mine.filter(letter => arrived(world, letter)).length,
        delayed: mine.filter(letter => isHeld(letter) && arrived(world, letter)).length,
        refused: mine.filter(letter => letter.refused).length,
        held: mine.filter(isHeld).length,
        isolated: contained(lineOf(one.id)),
        stopped: contained(loginOf(one.login)),
      }
    })
  const ownerReports = [...owners].map((id): OwnerReport => {
    const mine = letters(id).filter(letter => letter.taken)
    const waiting = mine.filter(letter => isHeld(letter) && !arrived(world, letter))
    const delivered = mine.filter(letter => arrived(world, letter)).length
    const subjects = [lineOf(id), loginOf(residentOf(plan, id).login)] as const
    const released = subjects
      .map(subject => releaseTime(world, subject))
      .find(time => time !== undefined)
    return {
      id,
      sent: mine.length,
      delivered,
      held: waiting.length,
      releasedAfterMs: released === undefined ? null : Math.round(released),
      lost: mine.length - delivered - waiting.length,
    }
  })
  return { seed: plan.seed, seconds: plan.seconds, bots, people, owners: ownerReports }
}

function releaseTime(
  world: World,
  subject: Parameters<World['watcher']['released']['get']>[0],
): number | undefined {
  const released = world.watcher.released.get(subject)
  const decided = world.watcher.decisions.get(subject)?.[0]
  return released !== undefined && decided ? released - decided.seenAt : undefined
}

const endOf = (world: World, ending: Ending): StoryEnd => ({
  ownerMailedAgain: ending.ownerMailedAgain,
  loginReleased: ending.loginReleased,
  relapseFound: ending.relapse?.containedAt !== undefined,
  noticesSent: world.watcher.noticed.size,
})
