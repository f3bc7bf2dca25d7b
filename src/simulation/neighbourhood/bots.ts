// Bots of three kinds: straight to port 25, with a stolen password from elsewhere, or in their owner's own mail.

import { lineOf, loginOf, type Subject } from '../../model/evidence.ts'
import { type Bot, attempt as nextLetter, residentIndex } from '../population/plan.ts'
import { random } from '../population/random.ts'
import { messageOf } from '../population/texts.ts'
import { hand, type Handed } from './mail-client.ts'
import { homeMachine, ownerOfBot, pause, type Tallied, thiefMachine, type World } from './world.ts'

/** One life of a bot: until it is cleaned away, or the run ends. */
export type BotLife = {
  readonly name: string
  readonly bot: Bot
  startedAt: number
  attempted: number
  refused: number
  containedAt: number | undefined
  attemptsUntilContained: number | undefined
  /** Set when its owner cleans the machine. */
  readonly cleaned: AbortController
}

/** A bot that gets nowhere goes on more slowly. */
const SLOWED = 2500

export function newLife(name: string, bot: Bot): BotLife {
  return {
    name,
    bot,
    startedAt: 0,
    attempted: 0,
    refused: 0,
    containedAt: undefined,
    attemptsUntilContained: undefined,
    cleaned: new AbortController(),
  }
}

/** What must be contained for this bot to be contained. */
export function subjectOf(world: World, bot: Bot): Subject {
  return bot.kind === 2 ? loginOf(ownerOfBot(world.plan, bot).login) : lineOf(bot.owner)
}

export async function playBot(world: World, life: BotLife): Promise<void> {
  const { bot } = life
  const draw = random(`cordon ${world.plan.seed} ${life.name}`)
  const signal = AbortSignal.any([world.stopped, life.cleaned.signal])
  life.startedAt = performance.now()
  // Kind 1 does not wait for one server before it knocks at the next.
  const underWay: Promise<void>[] = []
  while (!signal.aborted) {
    life.attempted++
    const work = once(world, life, draw)
    if (bot.kind === 1) underWay.push(work)
    else await work
    const mean = life.containedAt === undefined ? bot.pause : SLOWED
    if (!(await pause(Math.min(4 * mean, draw.wait(1000 / mean) * 1000), signal))) break
  }
  await Promise.all(underWay)
}

async function once(world: World, life: BotLife, draw: ReturnType<typeof random>): Promise<void> {
  const { bot } = life
  const owner = ownerOfBot(world.plan, bot)
  const letter = nextLetter(draw, { ...bot, id: life.name }, owner, life.attempted)
  const entry: Tallied = {
    id: letter.id,
    resident: bot.owner,
    bot: life.name,
    to: letter.to,
    taken: false,
    refused: false,
  }
  world.tally.push(entry)
  const handed = await attempt(world, bot, letter.server, {
    from: letter.from,
    to: letter.to,
    message: messageOf(letter),
  })
  if (handed.outcome === 'taken') {
    entry.taken = true
    entry.queueId = handed.queueId
  } else {
    entry.refused = true
    life.refused++
  }
}

function attempt(
  world: World,
  bot: Bot,
  server: number,
  envelope: { from: string; to: readonly string[]; message: Buffer },
): Promise<Handed> {
  const home = residentIndex(world.plan, bot.owner)
  const owner = ownerOfBot(world.plan, bot)
  const { submissionPort, outsidePorts } = world.router
  // A thief has the password as it was when it was stolen; a virus reads whatever its owner types.
  if (bot.kind === 2) {
    const machine = thiefMachine(world.plan.bots.indexOf(bot))
    return hand({
      ...envelope,
      machine,
      port: submissionPort,
      user: { name: owner.login, password: owner.password },
    })
  }
  if (bot.kind === 3) {
    const password = world.passwords.get(owner.login) as string
    return hand({
      ...envelope,
      machine: homeMachine(home, 2),
      port: submissionPort,
      user: { name: owner.login, password },
    })
  }
  return hand({ ...envelope, machine: homeMachine(home, 2), port: outsidePorts[server] as number })
}
