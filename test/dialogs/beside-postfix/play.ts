// Plays one dialogue with a server on this port and says what was answered: a code for each piece, `closed` when the connection ended
// instead.

import { talk } from '../../support/smtp-talk.ts'
import type { Case } from './cases.ts'

/** No answer is waited for longer, not even on a busy machine (ms). */
const PATIENCE = 60_000

export async function playCase(
  { name, from, say, ungreeted }: Case,
  port: number,
): Promise<string[]> {
  const session = await talk(port, from === 'outside' ? '127.0.0.2' : '127.0.0.1')
  const codes: string[] = []
  const answer = async (piece: string) => {
    const reply = session.say(piece.endsWith('\n') ? piece : `${piece}\r\n`)
    const silence = setTimeout(() => {
      console.error(`${name}: no answer to ${piece.slice(0, 60)}`)
      session.end()
    }, PATIENCE)
    return (await reply.finally(() => clearTimeout(silence))).slice(0, 3)
  }
  try {
    if (!ungreeted) await answer('EHLO host.meadow.example')
    for (const piece of say) codes.push(await answer(piece).catch(() => 'closed'))
  } finally {
    session.end()
  }
  return codes
}
