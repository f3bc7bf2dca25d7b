// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import type { Socket } from 'node:net'
import { after } from '../../model/after.ts'
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
  const fail = (error: unknown) => {
    parts.trouble(error, 'policy delegation')
    socket.destroy()
  }
  const told = (answered: Answered) => {
    memory = answered.memory
    say(socket, answered.action)
  }
  /** Answers what is there, in turn; what must be waited for goes on when it is known. */
  const pump = () => {
    try {
      for (let request = decoder.next(); request; request = decoder.next()) {
        if (request === 'bad') throw new Error('not a request of Postfix')
        const answered = answer(memory, request, { setup, parts })
        busy = answered instanceof Promise
        if (answered instanceof Promise) return void answered.then(told).then(goOn, fail)
        told(answered)
      }
    } catch (error) {
      return fail(error)
    }
    if (socket.isPaused()) socket.resume()
    return undefined
  }
  const goOn = () => {
    busy = false
    pump()
  }
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk)
    // Postfix waits for its answer; whoever does not is held back.
    if (busy) socket.pause()
    else pump()
  })
}

type Answered = { readonly memory: Memory; readonly action: string }

function answer(
  before: Memory,
  request: PolicyRequest,
  { setup, parts }: Pick<Given, 'setup' | 'parts'>,
): Answered | Promise<Answered> {
  const { memory, steps } = stepsOf(before, request, { setup, at: parts.now() })
  const { refusal } = memory
  if (refusal && request.get('protocol_state') === 'RCPT')
    return { memory, action: actionOf(refusal, 'rcpt', true) }
  const from = (first: number): Answered | Promise<Answered> => {
    const step = steps[first]
    if (!step) {
      const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
      return { memory: remember(memory, request, accepted), action: NOTHING_TO_SAY }
    }
    return after(parts.engine.judge(step), ({ verdict }) => {
      const { stage, commits = false } = step
      const action = actionOf(verdict, stage, commits)
      return action === NOTHING_TO_SAY
        ? from(first + 1)
        : { memory: remember(memory, request, { verdict, stage }), action }
    })
  }
  return from(0)
}
