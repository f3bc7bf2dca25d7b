// The POP3 gateway of a small Cordon on a free loopback port, a server behind it that is as small, and a client of it.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { openPop3Door } from '../../src/doors/pop3/server.ts'
import { ByteSource } from '../../src/gateway/byte-source.ts'
import { type GatewayTalk, gatewayParts, gatewayTalk } from './gateway-talk.ts'
import { counting } from './imap-scene.ts'
import { smallCordon } from './small-cordon.ts'
import { WIDE } from './smtp-door.ts'

const CAPABILITIES = ['TOP', 'UIDL', 'SASL PLAIN', 'STLS', 'XTND XLST', 'PIPELINING']

/** What it was told stands in `said`. It has these messages; a password is right unless it begins with `wrong` or `busy`. */
export async function smallPop3(messages: readonly string[] = []) {
  const said: string[] = []
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    void serve(socket)
  })
  const serve = async (socket: Socket): Promise<void> => {
    const source = new ByteSource(socket)
    const answer = (...lines: string[]) => socket.write(lines.map(one => `${one}\r\n`).join(''))
    answer('+OK here')
    for (let line = await source.line(1e6); line !== undefined; line = await source.line(1e6)) {
      said.push(line.trimEnd())
      const [verb = '', number] = line.trimEnd().split(' ')
      if (verb === 'CAPA') answer('+OK', ...CAPABILITIES, '.')
      else if (verb === 'AUTH') {
        answer('+ ')
        const secret = Buffer.from((await source.line(1e6)) ?? '', 'base64').toString('latin1')
        said.push(secret)
        const [, kind] = /\0(wrong|busy)?[^\0]*$/.exec(secret) ?? []
        if (kind === 'busy') answer('-ERR [IN-USE] Another session has the mailbox')
        else answer(kind === 'wrong' ? '-ERR [AUTH] no' : '+OK in')
      } else if (verb === 'RETR') {
        const text = messages[Number(number) - 1]
        if (text === undefined) answer('-ERR none')
        else socket.write(`+OK\r\n${text.replaceAll(/^\./gm, '..')}.\r\n`)
      } else if (verb === 'LIST' && number === undefined)
        answer('+OK', ...messages.map((one, i) => `${i + 1} ${one.length}`), '.')
      else if (verb === 'QUIT') {
        answer('+OK bye')
        socket.end()
      } else answer(`+OK ${verb}`)
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { said, port, cut, close: () => server.close() }
}

export async function pop3Scene({
  messages = [],
  sends = true,
}: {
  readonly messages?: readonly string[]
  readonly sends?: boolean
} = {}) {
  const { engine } = await smallCordon()
  const counted = counting(engine)
  const backEnd = await smallPop3(messages)
  const { parts, sessions } = await gatewayParts(counted.engine, { caps: WIDE, settings: {} })
  const listener = {
    address: '127.0.0.1',
    port: 0,
    implicitTls: true,
    trustedProxies: [],
    realm: 'main',
    backEnd: `pop3://127.0.0.1:${backEnd.port}`,
    proxyHeader: false,
    tokens: [],
    sends,
  }
  const door = await openPop3Door(listener, parts)
  return {
    ...counted,
    backEnd,
    sessions,
    port: door.port,
    close: async () => {
      await door.close(0)
      backEnd.close()
    },
  }
}

/** A client over TLS, logged in as this login unless there is none. */
export async function pop3Talk(port: number, login?: string): Promise<GatewayTalk> {
  const talk = gatewayTalk(port)
  await talk.until(/^\+OK .*\r\n/)
  if (login !== undefined) {
    talk.say(`USER ${login}\r\nPASS secret\r\n`)
    await talk.until(/^\+OK\r\n\+OK Logged in\r\n/m)
  }
  return talk
}
