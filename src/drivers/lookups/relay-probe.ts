// Asks a server whether it sends mail on for strangers: recipients of our own domain, in the forms that old servers mistake for
// theirs. No message follows: after each answer the transaction is reset.

import { connect, type Socket } from 'node:net'
import type { Probed, RelayProbe } from '../../ports/relay-probe.ts'

export type ProbeSettings = {
  readonly ourName: string
  /** A domain of ours: the mail would be for its postmaster. */
  readonly ourDomain: string
  /** 25, but for tests. */
  readonly port?: number
}

const CONNECT_WITHIN = 5000
/** A person waits in front of a page; a server that looks up its clients first takes a while. */
const ANSWER_WITHIN = 20_000
const MAX_REPLY = 16 * 1024

export function relayProbe({ ourName, ourDomain, port = 25 }: ProbeSettings): RelayProbe {
  return {
    probe: async address => {
      const socket = await reach(address, port)
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

type Talk = (command: string | undefined) => Promise<string>
type ProbedServer = Pick<ProbeSettings, 'ourName' | 'ourDomain'> & { readonly address: string }

async function ask(talk: Talk, { ourName, ourDomain, address }: ProbedServer): Promise<Probed> {
  const literal = address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
  const us = `postmaster@${ourDomain}`
  if (!isGood(await talk(undefined))) return { kind: 'closed' }
  if (!isGood(await talk(`EHLO ${ourName}`)) && !isGood(await talk(`HELO ${ourName}`)))
    return { kind: 'closed' }
  for (const sender of [`relay-test@${ourDomain}`, '']) {
    for (const recipient of [
      us,
      `postmaster%${ourDomain}@${literal}`,
      `"${us}"`,
      `@${literal}:${us}`,
    ]) {
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

const isGood = (reply: string): boolean => reply.startsWith('2')

function reach(address: string, port: number): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port })
    const give = (found: Socket | undefined) => {
      if (!found) socket.destroy()
      resolve(found)
    }
    socket.setTimeout(CONNECT_WITHIN, () => give(undefined))
    socket.once('error', () => give(undefined))
    socket.once('connect', () => give(socket.setTimeout(0)))
  })
}

/** Says a command and waits for its whole reply; a server that was asked nothing is waited for. */
function conversation(socket: Socket): Talk {
  let heard = ''
  let waiting: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined
  const fail = (words: string) => {
    waiting?.reject(new Error(words))
    waiting = undefined
  }
  const give = () => {
    const end = /^\d{3}(?: .*)?\r?\n/m.exec(heard)
    if (!end || !waiting) return
    const reply = heard.slice(0, end.index + end[0].length)
    heard = heard.slice(reply.length)
    waiting.resolve(reply)
    waiting = undefined
  }
  socket
    .setEncoding('latin1')
    .setTimeout(ANSWER_WITHIN, () => fail('it does not answer'))
    .on('error', () => fail('it broke off'))
    .on('close', () => fail('it broke off'))
    .on('data', (text: string) => {
      heard += text
      if (heard.length > MAX_REPLY) {
        heard = ''
        fail('it says too much')
      } else give()
    })
  return command =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      if (socket.destroyed) return fail('it broke off')
      if (command !== undefined) socket.write(`${command}\r\n`)
      return give()
    })
}
