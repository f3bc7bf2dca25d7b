// Asks a door of Cordon as Postfix does, and says what answered: END of one line of the policy service, or what a milter agrees to. Nothing is
// counted by it: the question is that of DATA, and of a milter only the negotiation.

import { wordsOf } from '../model/errors.ts'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { encode, MilterDecoder } from '../doors/milter/codec.ts'
import { SECOND } from '../model/duration.ts'
import type { Place } from './postfix-place.ts'

export type Protocol = 'milter' | 'policy service'

export type PlaceAnswer = { readonly said: string } | { readonly silent: string }

/** A door that answers, answers in a millisecond; a busy machine takes longer. In ms. */
const WITHIN = 5 * SECOND
/** Longer than any answer to these questions. */
const MAX_ANSWER = 64 * 1024

/** The first of these places that answers, or why the last of them does not. */
export async function asked(
  protocol: Protocol,
  places: readonly Place[],
  within = WITHIN,
): Promise<PlaceAnswer> {
  let last: PlaceAnswer = { silent: 'it is no place' }
  for (const place of places) {
    last = await askedAt(protocol, place, within)
    if ('said' in last) return last
  }
  return last
}

async function askedAt(protocol: Protocol, place: Place, within: number): Promise<PlaceAnswer> {
  const socket = connect(
    'path' in place ? place : { host: 'any' in place ? '127.0.0.1' : place.host, port: place.port },
  )
  const late = AbortSignal.timeout(within)
  try {
    await once(socket, 'connect', { signal: late })
    socket.write(QUESTIONS[protocol])
    return await answerOf(socket, READERS[protocol](), late)
  } catch (error) {
    if (late.aborted)
      return { silent: `it takes the connection and says nothing for ${within / SECOND} s` }
    return { silent: wordsOf(error) }
  } finally {
    socket.destroy()
  }
}

/** `read` is given each piece, until it says what was answered. */
async function answerOf(
  socket: Socket,
  read: (chunk: Buffer) => PlaceAnswer | undefined,
  late: AbortSignal,
): Promise<PlaceAnswer> {
  let size = 0
  const end = Promise.withResolvers<PlaceAnswer>()
  socket.on('data', (chunk: Buffer) => {
    const answer = read(chunk)
    size += chunk.length
    if (answer) end.resolve(answer)
    else if (size > MAX_ANSWER) end.resolve({ silent: 'it says what is no answer' })
  })
  socket.on('error', end.reject)
  socket.on('close', () => end.resolve({ silent: 'it closes the connection without an answer' }))
  late.addEventListener('abort', () => end.reject(late.reason))
  return end.promise
}

const QUESTIONS: Readonly<Record<Protocol, string | Uint8Array>> = {
  'policy service': [
    'request=smtpd_access_policy',
    'protocol_state=DATA',
    'protocol_name=ESMTP',
    'client_address=127.0.0.1',
    'client_name=localhost',
    'helo_name=doctor.invalid',
    'sender=',
    'recipient=',
    'recipient_count=0',
    'instance=',
    '\n',
  ].join('\n'),
  // Version 6, with all that Postfix offers.
  milter: encode({ kind: 'negotiate', version: 6, actions: 0x1ff, steps: 0x1f_ffff, macros: [] }),
}

const READERS: Readonly<Record<Protocol, () => (chunk: Buffer) => PlaceAnswer | undefined>> = {
  'policy service': () => {
    let text = ''
    return chunk => {
      text += chunk.toString('latin1')
      const [, action] = /^action=([^\n]*)\n\n/.exec(text) ?? []
      if (action !== undefined) return { said: `action=${action}` }
      return 'action='.startsWith(text.slice(0, 7)) ? undefined : { silent: NO_ANSWER }
    }
  },
  milter: () => {
    const decoder = new MilterDecoder()
    return chunk => {
      decoder.push(chunk)
      const packet = decoder.next()
      if (packet === undefined) return undefined
      if (packet !== 'bad' && packet.kind === 'negotiate')
        return { said: `milter protocol ${packet.version}` }
      return { silent: NO_ANSWER }
    }
  },
}
const NO_ANSWER = 'it answers in another protocol'
