// Asks a server whether it sends mail on for strangers: recipients of our own domain, in the forms that old servers mistake for
// theirs. No message follows: after each answer the transaction is reset.

import type { Probed, RelayProbe } from '../../ports/relay-probe.ts'
import { conversation, isGood, reach, type Talk } from './smtp-conversation.ts'

export type ProbeSettings = {
  readonly ourName: string
  /** A domain of ours: the mail would be for its postmaster. */
  readonly ourDomain: string
  /** 25, but for tests. */
  readonly port?: number
}

export function relayProbe({ ourName, ourDomain, port = 25 }: ProbeSettings): RelayProbe {
  return {
    probe: async address => {
      const socket = await reach({ host: address, port })
      if (!socket) return { kind: 'no-server' }
      const talk = conversation(socket)
      try {
        return await ask(talk, { ourName, ourDomain, address })
      } catch (error) {
        return { kind: 'unclear', words: (error as Error).message }
      } finally {
        socket.destroy()
      }
    },
  }
}

/** A recipient elsewhere, as itself and in the forms that old servers at `address` mistake for one of theirs. */
export function relayForms(recipient: string, address: string): readonly string[] {
  const literal = address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
  return [
    recipient,
    `${recipient.replace('@', '%')}@${literal}`,
    `"${recipient}"`,
    `@${literal}:${recipient}`,
  ]
}

type ProbedServer = Pick<ProbeSettings, 'ourName' | 'ourDomain'> & { readonly address: string }

async function ask(talk: Talk, { ourName, ourDomain, address }: ProbedServer): Promise<Probed> {
  const us = `postmaster@${ourDomain}`
  if (!isGood(await talk(undefined))) return { kind: 'closed' }
  if (!isGood(await talk(`EHLO ${ourName}`)) && !isGood(await talk(`HELO ${ourName}`)))
    return { kind: 'closed' }
  for (const sender of [`relay-test@${ourDomain}`, '']) {
    for (const recipient of relayForms(us, address)) {
      if (
        isGood(await talk(`MAIL FROM:<${sender}>`)) &&
        isGood(await talk(`RCPT TO:<${recipient}>`))
      )
        return { kind: 'open', words: `MAIL FROM:<${sender}>, RCPT TO:<${recipient}>` }
      await talk('RSET')
    }
  }
  await talk('QUIT').catch(() => '')
  return { kind: 'closed' }
}
