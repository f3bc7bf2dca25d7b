// What owners of infected machines and stolen passwords do once they have been told: log in to the portal, read what
// is there, and press the right button; or the wrong one too early.

import { residentIndex, residentOf } from '../population/plan.ts'
import { pause, until, type World } from './world.ts'
import { type BotLife, newLife, playBot, subjectOf } from './bots.ts'
import { visitPortal } from './portal-client.ts'
import { hand } from './mail-client.ts'
import { homeMachine } from './world.ts'
import { messageOf } from '../population/texts.ts'

export type Ending = {
  ownerMailedAgain: boolean
  loginReleased: boolean
  relapse: BotLife | undefined
}

/** Waits for the notice and does what its owner does about it; `lives` grows when a bot comes back. */
export async function playOwner(
  world: World,
  life: BotLife,
  ending: Ending,
  lives: BotLife[],
): Promise<void> {
  const { bot } = life
  if (bot.ending === 'nothing') return
  const subject = subjectOf(world, bot)
  const told = await until(() => {
    const last = world.watcher.decisions.get(subject)?.at(-1)
    return (
      life.containedAt !== undefined &&
      last !== undefined &&
      world.watcher.noticed.has(last.incident)
    )
  }, world.stopped)
  // Time to read it, find the virus scanner, and have a coffee.
  if (!told || !(await pause(0.06 * world.plan.seconds * 1000, world.stopped))) return
  const resident = residentOf(world.plan, bot.owner)
  const visit = await visitPortal(world.portalPort, resident.id, resident.portalPassword)
  if (!visit) return
  if (bot.ending === 'new-password') {
    const password = `${resident.password}-and-new`
    await visit.order({ order: 'change-password', login: resident.login, password })
    world.passwords.set(resident.login, password)
    await until(() => world.watcher.released.has(subject), world.stopped)
    ending.loginReleased = await mailAgain(world, bot.owner, `again-${life.name}`)
    return
  }
  if (bot.ending === 'cleaned') life.cleaned.abort()
  const incident = world.watcher.decisions.get(subject)?.at(-1)?.incident ?? ''
  await visit.order({ order: 'release', incident })
  await releaseOwnMail(world, bot.owner, visit)
  if (bot.ending === 'cleaned') {
    ending.ownerMailedAgain = await mailAgain(world, bot.owner, `again-${life.name}`)
    return
  }
  // Said to be fixed, and was not: the same bot starts again.
  life.cleaned.abort()
  if (!(await pause(0.04 * world.plan.seconds * 1000, world.stopped))) return
  const relapse = newLife(`${life.name}-relapse`, bot)
  ending.relapse = relapse
  lives.push(relapse)
  await playBot(world, relapse)
}

/** Owners know their own letters: those they send on, the rest they leave. */
async function releaseOwnMail(
  world: World,
  resident: string,
  visit: { order(fields: Record<string, string>): Promise<string>; page(): Promise<string> },
): Promise<void> {
  const waiting = new Set(
    [...(await visit.page()).matchAll(/name="message" value="([^"]+)"/g)].map(match => match[1]),
  )
  for (const letter of world.tally) {
    if (letter.resident !== resident || letter.bot !== undefined || letter.queueId === undefined)
      continue
    if (waiting.has(letter.queueId))
      await visit.order({ order: 'release-message', message: letter.queueId })
  }
}

async function mailAgain(world: World, owner: string, id: string): Promise<boolean> {
  const resident = residentOf(world.plan, owner)
  const to = [resident.friends[0] as string]
  const text = { subject: 'Back again', body: 'All is well here, thank you for waiting.\r\n' }
  const handed = await hand({
    machine: homeMachine(residentIndex(world.plan, owner), 1),
    port: world.router.submissionPort,
    user: { name: resident.login, password: world.passwords.get(resident.login) as string },
    from: resident.login,
    to,
    message: messageOf({ id, from: resident.login, to, text }),
  })
  const taken = handed.outcome === 'taken'
  world.tally.push({
    id,
    resident: owner,
    to,
    taken,
    refused: !taken,
    ...(taken ? { queueId: handed.queueId } : {}),
  })
  return taken && (await until(() => world.outside.arrivals.has(id), world.stopped))
}
