// The least of an SMTP client: says lines, waits for complete replies. For tests that must see every byte.

import { connect, type Socket } from 'node:net'

export type Talk = {
  /** Sends as it stands and waits for one reply; rejects when the connection ends first. */
  say(text: string | Buffer): Promise<string>
  end(): void
}

/** Connects and waits for the greeting. */
export async function talk(port: number): Promise<Talk> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true)
  let rest = ''
  let waiting: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined
  const look = () => {
    const complete = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(rest)
    if (!complete || !waiting) return
    rest = rest.slice(complete[0].length)
    const { resolve } = waiting
    waiting = undefined
    resolve(complete[0].trimEnd())
  }
  const fail = () => {
    waiting?.reject(new Error('the connection ended'))
    waiting = undefined
  }
  socket.on('data', chunk => {
    rest += chunk.toString()
    look()
  })
  socket.on('error', fail).on('close', fail)
  const reply = () =>
    new Promise<string>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the connection ended'))
      waiting = { resolve, reject }
      look()
      return undefined
    })
  await reply()
  return {
    say: text => {
      socket.write(text)
      return reply()
    },
    end: () => socket.destroy(),
  }
}
