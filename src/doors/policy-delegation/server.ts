// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import type { Socket } from 'node:net'
import { ACCEPT } from '../../model/verdict.ts'
import type { Engine } from '../../ports/engine.ts'
import { type BesideListener, listenBeside, type Listening } from '../../wire/beside-listener.ts'
import { PolicyDecoder, type PolicyRequest } from './codec.ts'
import { writeTogether } from '../../wire/write-together.ts'
import { actionOf, NOTHING_TO_SAY } from './replies.ts'
import { type Memory, NOTHING, type PolicySetup, remember, stepsOf } from './session.ts'

export type PolicyListener = BesideListener & PolicySetup

export type PolicyParts = {
  readonly engine: Pick<Engine, 'judge'>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export function openPolicyDoor(listener: PolicyListener, parts: PolicyParts): Promise<Listening> {
  const say = writeTogether()
  return listenBeside(listener, socket => converse(socket, { setup: listener, parts, say }))
}

type Given = {
  readonly setup: PolicySetup
  readonly parts: PolicyParts
  readonly say: (socket: Socket, action: string) => void
}

function converse(socket: Socket, { setup, parts, say }: Given): void {
  const decoder = new PolicyDecoder()
  let memory = NOTHING
  let busy = false
  const pump = async () => {
    if (busy) return
    busy = true
    try {
      for (let request = decoder.next(); request; request = decoder.next()) {
        if (request === 'bad') throw new Error('not a request of Postfix')
        const answered = await answer(memory, request, { setup, parts })
        memory = answered.memory
        say(socket, answered.action)
      }
    } catch (error) {
      parts.trouble(error, 'policy delegation')
      socket.destroy()
    } finally {
      busy = false
    }
    if (socket.isPaused()) socket.resume()
  }
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk)
    // Postfix waits for its answer; whoever does not is held back.
    if (busy) socket.pause()
    void pump()
  })
}

async function answer(
  before: Memory,
  request: PolicyRequest,
  { setup, parts }: Pick<Given, 'setup' | 'parts'>,
): Promise<{ memory: Memory; action: string }> {
  const { memory, steps } = stepsOf(before, request, { setup, at: parts.now() })
  const { refusal } = memory
  if (refusal && request.get('protocol_state') === 'RCPT')
    return { memory, action: actionOf(refusal, 'rcpt', true) }
  for (const step of steps) {
    const { verdict } = await parts.engine.judge(step)
    const { stage, commits = false } = step
    const action = actionOf(verdict, stage, commits)
    if (action !== NOTHING_TO_SAY)
      return { memory: remember(memory, request, { verdict, stage }), action }
  }
  const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
  return { memory: remember(memory, request, accepted), action: NOTHING_TO_SAY }
}
