// A conversation with an SMTP server that hands over no message: a command, and its whole reply.

import { connect, type Socket } from 'node:net'

const CONNECT_WITHIN = 5000
/** A person waits in front of it; a server that looks up its clients first takes a while. */
const ANSWER_WITHIN = 20_000
const MAX_REPLY = 16 * 1024

/** Resolves to the reply; undefined as command: to the greeting. Rejects with words where there is none. */
export type Talk = (command: string | undefined) => Promise<string>

export type SmtpPlace = { readonly host: string; readonly port: number } | { readonly path: string }

export const isGood = (reply: string): boolean => reply.startsWith('2')

/** Undefined: no program listens there. */
export function reach(place: SmtpPlace): Promise<Socket | undefined> {
  return new Promise(resolve => {
    const socket = connect(place)
    const give = (found: Socket | undefined) => {
      if (!found) socket.destroy()
      resolve(found)
    }
    socket.setTimeout(CONNECT_WITHIN, () => give(undefined))
    socket.once('error', () => give(undefined))
    socket.once('connect', () => give(socket.setTimeout(0)))
  })
}

/** Says a command and waits for its whole reply; a server that was asked nothing is waited for. `within`: ms for each reply. */
export function conversation(socket: Socket, within = ANSWER_WITHIN): Talk {
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
    .setTimeout(within, () => fail('it does not answer'))
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
