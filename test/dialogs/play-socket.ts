// Plays a dialog on a real socket, with a real handshake where it says TLS.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Dialog, matches } from './dialog.ts'

/** A reply that has not come by then is not coming. */
const PATIENCE = 30_000

export async function playOnSocket(dialog: Dialog, port: number): Promise<void> {
  let socket: Socket = connect(port, '127.0.0.1')
  let lines = readLines(socket)
  try {
    for (const turn of dialog.turns) {
      if (turn.kind === 'send') socket.write(turn.bytes)
      else if (turn.kind === 'tls') {
        socket.removeAllListeners('data')
        const secured = connectTls({ socket, rejectUnauthorized: false })
        await once(secured, 'secureConnect')
        socket = secured
        lines = readLines(secured)
      } else {
        const line = await lines.next()
        if (line === undefined || !matches(turn.line, line))
          throw new Error(`expected "${turn.line}", got "${line}"`)
      }
    }
  } finally {
    socket.destroy()
  }
}

function readLines(socket: Socket): { next(): Promise<string | undefined> } {
  const ready: string[] = []
  const waiting: ((line: string | undefined) => void)[] = []
  let rest = ''
  const give = (line: string | undefined) => {
    const taker = waiting.shift()
    if (taker) taker(line)
    else if (line !== undefined) ready.push(line)
  }
  socket.on('data', chunk => {
    const parts = (rest + chunk.toString()).split('\r\n')
    rest = parts.pop() ?? ''
    for (const part of parts) give(part)
  })
  socket.on('error', () => undefined).on('close', () => give(undefined))
  return {
    next: () =>
      new Promise(resolve => {
        const line = ready.shift()
        if (line !== undefined) return resolve(line)
        const late = setTimeout(() => resolve(undefined), PATIENCE)
        waiting.push(got => {
          clearTimeout(late)
          resolve(got)
        })
        return undefined
      }),
  }
}
