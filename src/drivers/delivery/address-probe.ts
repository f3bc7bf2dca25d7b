// Asks the server that mail for an address goes to whether it would take it: RCPT TO as of a notice, and no message.

import { conversation, isGood, reach, type Talk } from '../lookups/smtp-conversation.ts'
import type { Hop } from './hop.ts'

export type ProbedAddress = {
  /** `unclear`: it could not be asked, or says that it cannot tell now. */
  readonly answer: 'taken' | 'refused' | 'unclear'
  /** The reply, or why there is none. */
  readonly words: string
}

type ProbeEnvelope = { readonly ourName: string; readonly sender: string }

/** Ends within a minute and a half. Where TLS or a login is a must nothing is asked. */
export async function probeAddress(
  hop: Hop,
  address: string,
  { ourName, sender }: ProbeEnvelope,
): Promise<ProbedAddress> {
  if (hop.tls !== 'opportunistic' || hop.login)
    return { answer: 'unclear', words: 'not asked: its route wants TLS or a login' }
  const socket = await reach(hop.socket === undefined ? hop : { path: hop.socket })
  if (!socket) return { answer: 'unclear', words: 'no server answers there' }
  const talk = conversation(socket)
  const hello = `${hop.protocol === 'lmtp' ? 'LHLO' : 'EHLO'} ${ourName}`
  try {
    return await asked(talk, [undefined, hello, `MAIL FROM:<${sender}>`, `RCPT TO:<${address}>`])
  } catch (error) {
    return { answer: 'unclear', words: (error as Error).message }
  } finally {
    socket.end('QUIT\r\n')
    // It may never say goodbye.
    setTimeout(() => socket.destroy(), GOODBYE).unref()
  }
}

/** ms. */
const GOODBYE = 1000

/** Only the reply to the last command is one about the address. */
async function asked(
  talk: Talk,
  commands: readonly (string | undefined)[],
): Promise<ProbedAddress> {
  let reply = ''
  for (const [i, command] of commands.entries()) {
    reply = await talk(command)
    if (isGood(reply)) continue
    const isLast = i === commands.length - 1
    const words = reply.trim().split(/\r?\n/).at(-1)?.slice(0, 200) ?? ''
    return { answer: isLast && reply.startsWith('5') ? 'refused' : 'unclear', words }
  }
  return { answer: 'taken', words: reply.trim().slice(0, 200) }
}
