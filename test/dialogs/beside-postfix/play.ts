// Plays one dialogue with a server on this port and says what was answered: a code for each piece, `closed` when the connection ended
// instead.

import { talk } from '../../support/smtp-talk.ts'
import type { Case } from './cases.ts'

export async function playCase({ from, say, ungreeted }: Case, port: number): Promise<string[]> {
  const session = await talk(port, from === 'outside' ? '127.0.0.2' : '127.0.0.1')
  const codes: string[] = []
  const answer = async (piece: string) => {
    const reply = await session.say(piece.endsWith('\n') ? piece : `${piece}\r\n`)
    return reply.slice(0, 3)
  }
  try {
    if (!ungreeted) await answer('EHLO host.meadow.example')
    for (const piece of say) codes.push(await answer(piece).catch(() => 'closed'))
  } finally {
    session.end()
  }
  return codes
}
