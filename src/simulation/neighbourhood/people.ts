// People mail now and then, from home, from a hotel, or from their own server; some mistype their password.

import { type Sending, residentIndex, residentOf } from '../population/plan.ts'
import { OUTSIDE } from '../population/town.ts'
import { messageOf } from '../population/texts.ts'
import { hand, type Handed } from './mail-client.ts'
import { HOTEL, homeMachine, pause, type Tallied, type World } from './world.ts'

/** A mail program that could not send tries again after so long. */
const TRY_AGAIN = 2000

export async function playPeople(world: World): Promise<void> {
  const began = performance.now()
  const under: Promise<void>[] = []
  for (const [i, sending] of world.plan.sendings.entries()) {
    if (!(await pause(sending.at - (performance.now() - began), world.stopped))) break
    under.push(play(world, sending, i))
  }
  await Promise.all(under)
}

async function play(world: World, sending: Sending, n: number): Promise<void> {
  const { letter } = sending
  const entry: Tallied = {
    id: letter.id,
    resident: sending.resident,
    to: letter.to,
    taken: false,
    refused: false,
  }
  world.tally.push(entry)
  for (let wrong = 0; wrong < (sending.mistyped ?? 0); wrong++)
    await attempt(world, sending, n, 'not-my-password')
  for (;;) {
    const handed = await attempt(world, sending, n, undefined)
    if (handed.outcome === 'taken') {
      entry.taken = true
      entry.queueId = handed.queueId
      return
    }
    if (handed.outcome === 'refused') entry.refused = true
    // A password that is not taken any more: the owner will mend that, and the program tries again.
    if (handed.outcome === 'refused' || !(await pause(TRY_AGAIN, world.stopped))) return
  }
}

function attempt(
  world: World,
  sending: Sending,
  n: number,
  wrongPassword: string | undefined,
): Promise<Handed> {
  const { letter } = sending
  const home = residentIndex(world.plan, sending.resident)
  const resident = residentOf(world.plan, sending.resident)
  const message = messageOf(letter)
  const envelope = { from: letter.from, to: letter.to, message }
  if (sending.from === 'inbound') {
    return hand({
      ...envelope,
      from: 'caller@harbour.example',
      machine: '127.0.0.1',
      port: world.inboundPort,
    })
  }
  if (sending.from === 'direct') {
    const server = OUTSIDE.findIndex(one => letter.to[0]?.endsWith(`@${one.domain}`))
    return hand({
      ...envelope,
      machine: homeMachine(home, 1),
      port: world.router.outsidePorts[server] as number,
    })
  }
  const machine =
    sending.from === 'foreign'
      ? HOTEL
      : homeMachine(home, resident.habit === 'two-machines' ? 1 + (n % 2) : 1)
  const password = wrongPassword ?? world.passwords.get(resident.login) ?? ''
  return hand({
    ...envelope,
    machine,
    port: world.router.submissionPort,
    user: { name: resident.login, password },
  })
}
