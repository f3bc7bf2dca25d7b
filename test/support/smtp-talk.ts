// The least of an SMTP client: says lines, waits for complete replies. For tests that must see every byte.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type SmtpTalk = {
  /** A handshake, after the answer to STARTTLS; whoever it is. */
  secure(): Promise<void>
  /** Sends as it stands and waits for one reply; rejects when the connection ends first. */
  say(text: string | Buffer): Promise<string>
  end(): void
}

/** Connects, from this address of the loopback, and waits for the greeting. `wrapped`: with TLS from the first byte on. */
export async function talk(
  port: number,
  localAddress = '127.0.0.1',
  { wrapped = false } = {},
): Promise<SmtpTalk> {
  let socket: Socket = connect({ port, host: '127.0.0.1', localAddress }).setNoDelay(true)
  if (wrapped) socket = connectTls({ socket, rejectUnauthorized: false })
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
  const listen = () =>
    socket
      .on('data', chunk => {
        rest += chunk.toString()
        look()
      })
      .on('error', fail)
      .on('close', fail)
  listen()
  const reply = () =>
    new Promise<string>((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('the connection ended'))
      waiting = { resolve, reject }
      look()
      return undefined
    })
  await reply()
  return {
    secure: async () => {
      socket.removeAllListeners('data')
      const secured = connectTls({ socket, rejectUnauthorized: false })
      socket = secured
      listen()
      await once(secured, 'secureConnect')
    },
    say: text => {
      socket.write(text)
      return reply()
    },
    end: () => socket.destroy(),
  }
}
