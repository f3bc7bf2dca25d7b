// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import type { Socket } from 'node:net'
import { type BesideListener, listenBeside, type Listening } from '../../wire/beside-listener.ts'
import type { CommandTurns } from '../../wire/command-turns.ts'
import { endUntaken, readOn, UNTAKEN } from '../../wire/read-on.ts'
import { socketBatch, type SocketBatch } from '../../wire/socket-batch.ts'
import { type AnswerParts, PolicyAnswers } from './answers.ts'
import { PolicyDecoder } from './codec.ts'
import type { PolicyOptions } from './step-of-request.ts'

export type PolicyListener = BesideListener & PolicyOptions

export type PolicyParts = AnswerParts & {
  /** One for all connections of a thread: Postfix waits for each answer, and is heard between requests that came together. */
  readonly turns: CommandTurns
  readonly trouble: (error: unknown, about: string) => void
}

export function openPolicyDoor(listener: PolicyListener, parts: PolicyParts): Promise<Listening> {
  const batch = socketBatch()
  const answers = new PolicyAnswers(listener, parts)
  return listenBeside(listener, socket => converse(socket, { answers, parts, batch }))
}

type Conversation = {
  readonly answers: PolicyAnswers
  readonly parts: PolicyParts
  readonly batch: SocketBatch
}

function converse(socket: Socket, { answers, parts, batch }: Conversation): void {
  const decoder = new PolicyDecoder()
  const { remoteAddress: address = '' } = socket
  const turn = parts.turns.of(() => ({ lane: 'first', from: `policy service ${address}` }))
  /** A request is being answered, or waits for its turn. */
  let busy = false
  let waits = false
  /** Postfix says no more. */
  let ended = false
  /** Size of this batch's answers, in characters. */
  let unsaid = 0
  const fail = (error: unknown) => {
    parts.trouble(error, 'policy delegation')
    socket.destroy()
  }
  const told = (action: string) => {
    unsaid += action.length
    batch.say(socket, action)
  }
  /** Answers the requests that have come, in turn; goes on after an answer that must be waited for. */
  const pump = () => {
    try {
      for (let request = decoder.next(); request; request = decoder.next()) {
        if (request === 'bad') throw new Error('not a request of Postfix')
        const answered = answers.answer(request)
        if (answered instanceof Promise) {
          busy = true
          return void answered.then(told).then(goOn, fail)
        }
        told(answered)
        if (rests()) return
      }
    } catch (error) {
      return fail(error)
    }
    return ended ? batch.end(socket) : readOn(socket)
  }
  const goOn = () => {
    busy = false
    if (!rests()) pump()
  }
  /** After an answer: true where what came behind it waits. */
  const rests = (): boolean => {
    if (decoder.waiting === 0) return false
    const turned = turn()
    if (turned) {
      busy = true
      void turned.then(() => {
        busy = false
        later()
      })
      return true
    }
    if (unsaid < UNTAKEN) return false
    // What was answered is written first; if that is taken, the rest is for the next batch.
    socket.pause()
    later()
    return true
  }
  const begin = () => {
    waits = false
    unsaid = 0
    if (socket.destroyed) return
    if (socket.writableNeedDrain) readOn(socket)
    else if (!busy) pump()
  }
  const later = () => {
    if (waits) return
    waits = true
    batch.work(begin)
  }
  const about = { door: 'policy', address } as const
  endUntaken(socket, ({ ended }) => {
    const end = ended ? ({ ended } as const) : {}
    parts.engine.report({ kind: 'client-not-reading', at: parts.now(), ...about, ...end })
  })
  socket.on('drain', later)
  socket.on('end', () => {
    ended = true
    later()
  })
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk)
    // Postfix waits for its answer; a client that does not wait is held back.
    if (busy || waits) socket.pause()
    else later()
  })
}
