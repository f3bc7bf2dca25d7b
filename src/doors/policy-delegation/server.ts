// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import type { Socket } from 'node:net'
import type { Step } from '../../model/step.ts'
import { ACCEPT, type Judgement } from '../../model/verdict.ts'
import type { Engine } from '../../ports/engine.ts'
import { type BesideListener, listenBeside, type Listening } from '../../wire/beside-listener.ts'
import { socketBatch, type SocketBatch } from '../../wire/socket-batch.ts'
import { endUntaken, readOn, UNTAKEN } from '../../wire/read-on.ts'
import { PolicyDecoder, type PolicyRequest } from './codec.ts'
import { actionOf, NOTHING_TO_SAY } from './replies.ts'
import { type Memory, NOTHING, type PolicySetup, remember, stepsOf } from './session.ts'

export type PolicyListener = BesideListener & PolicySetup

export type PolicyParts = {
  readonly engine: Pick<Engine, 'judge' | 'report'>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

export function openPolicyDoor(listener: PolicyListener, parts: PolicyParts): Promise<Listening> {
  const batch = socketBatch()
  return listenBeside(listener, socket => converse(socket, { setup: listener, parts, batch }))
}

type Conversation = {
  readonly setup: PolicySetup
  readonly parts: PolicyParts
  readonly batch: SocketBatch
}

function converse(socket: Socket, { setup, parts, batch }: Conversation): void {
  const decoder = new PolicyDecoder()
  let memory = NOTHING
  let busy = false
  let waits = false
  /** They say no more. */
  let ended = false
  /** Answers of this batch, in characters. */
  let unsaid = 0
  const fail = (error: unknown) => {
    parts.trouble(error, 'policy delegation')
    socket.destroy()
  }
  const told = (answered: Answered) => {
    memory = answered.memory
    unsaid += answered.action.length
    batch.say(socket, answered.action)
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
        // What was answered is written first; if that is taken, the rest is for the next batch.
        if (unsaid >= UNTAKEN) {
          socket.pause()
          return later()
        }
      }
    } catch (error) {
      return fail(error)
    }
    return ended ? batch.end(socket) : readOn(socket)
  }
  const goOn = () => {
    busy = false
    pump()
  }
  const begin = () => {
    waits = false
    unsaid = 0
    if (socket.writableNeedDrain) readOn(socket)
    else if (!busy) pump()
  }
  const later = () => {
    if (waits) return
    waits = true
    batch.work(begin)
  }
  const about = { door: 'policy', address: socket.remoteAddress ?? '' } as const
  endUntaken(socket, gaveUp => {
    const end = gaveUp ? ({ ended: gaveUp } as const) : {}
    parts.engine.report({ kind: 'client-not-reading', at: parts.now(), ...about, ...end })
  })
  socket.on('drain', later)
  socket.on('end', () => {
    ended = true
    later()
  })
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk)
    // Postfix waits for its answer; whoever does not is held back.
    if (busy) socket.pause()
    else later()
  })
}

type Answered = { readonly memory: Memory; readonly action: string }

function answer(
  before: Memory,
  request: PolicyRequest,
  { setup, parts }: Pick<Conversation, 'setup' | 'parts'>,
): Answered | Promise<Answered> {
  const { memory, steps } = stepsOf(before, request, { setup, at: parts.now() })
  const { refusal } = memory
  if (refusal && request.get('protocol_state') === 'RCPT')
    return { memory, action: actionOf(refusal, 'rcpt', true) }
  /** Undefined when nothing is to be said of it, and the next is to be judged. */
  const objection = (step: Step, { verdict }: Judgement): Answered | undefined => {
    if (verdict.kind === 'accept') return undefined
    const { stage, commits = false } = step
    const action = actionOf(verdict, stage, commits)
    if (action === NOTHING_TO_SAY) return undefined
    return { memory: remember(memory, request, { verdict, stage }), action }
  }
  const from = (first: number): Answered | Promise<Answered> => {
    for (let i = first; i < steps.length; i++) {
      const step = steps[i] as Step
      const judged = parts.engine.judge(step)
      if (judged instanceof Promise)
        return judged.then(told => objection(step, told) ?? from(i + 1))
      const ended = objection(step, judged)
      if (ended) return ended
    }
    const accepted = { verdict: ACCEPT, stage: 'rcpt' } as const
    return { memory: remember(memory, request, accepted), action: NOTHING_TO_SAY }
  }
  return from(0)
}
