// The events of a running Cordon as they happen, from its control socket (server-sent events, as the live page reads them).

import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { Event } from '../model/event.ts'
import { type ControlOptions, controlSocket, whyNoAnswer } from './control-client.ts'
import { NoServer } from './failures.ts'

/** What a viewer is told that was too slow. */
export type JournalGap = {
  readonly kind: 'journal-gap'
  readonly at: number
  readonly lost: number
}

/** Ends when the signal says so; rejects with NoServer when there is no Cordon, or it ends. */
export async function* liveEvents(
  options: ControlOptions,
  signal: AbortSignal,
): AsyncGenerator<Event | JournalGap> {
  const socketPath = await controlSocket(options)
  try {
    const answer = await opened(socketPath, signal)
    if (answer.statusCode !== 200)
      throw new NoServer(
        `the control socket answers ${answer.statusCode}: too many look on already.`,
      )
    for await (const line of createInterface({ input: answer, signal }))
      if (line.startsWith('data:')) yield JSON.parse(line.slice('data:'.length)) as Event
  } catch (error) {
    if (signal.aborted) return
    throw error instanceof NoServer
      ? error
      : new NoServer(whyNoAnswer(error as NodeJS.ErrnoException, socketPath, 'GET'))
  }
  if (!signal.aborted) throw new NoServer('Cordon has ended.')
}

function opened(socketPath: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  request({ socketPath, path: '/live', signal }, resolve).on('error', reject).end()
  return promise
}
