// Sockets for Postfix's policy delegation: a connection is kept for as long as Postfix keeps it, requests are answered in
// turn. In trouble nothing is said and the connection is closed: Postfix tries again, and then does what it is set up to do.

import type { Socket } from 'node:net'
import { type BesideListener, listenBeside, type Listening } from '../../wire/beside-listener.ts'
import { endUntaken, readOn, UNTAKEN } from '../../wire/read-on.ts'
import { socketBatch, type SocketBatch } from '../../wire/socket-batch.ts'
import { type AnswerParts, PolicyAnswers } from './answers.ts'
import { PolicyDecoder } from './codec.ts'
import type { PolicyOptions } from './step-of-request.ts'

export type PolicyListener = BesideListener & PolicyOptions

export type PolicyParts = AnswerParts & {
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
    // Postfix waits for its answer; a client that does not wait is held back.
    if (busy) socket.pause()
    else later()
  })
}
