// The IMAP gateway of a small Cordon on a free loopback port, a server behind it that is as small, and a client that says what it is told.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { GatewaySettings } from '../../src/gateway/gateway.ts'
import { type ImapListener, openImapDoor } from '../../src/doors/imap/server.ts'
import { ByteSource } from '../../src/gateway/byte-source.ts'
import type { Engine } from '../../src/ports/engine.ts'
import type { CapSettings } from '../../src/wire/connection-caps.ts'
import { gatewayParts, type GatewayTalk, gatewayTalk } from './gateway-talk.ts'
import { WIDE } from './smtp-door.ts'

export type BackEndOptions = {
  readonly capabilities?: string
  /** What FETCH of a body gives. */
  readonly stored?: string
  /** What FETCH of flags gives. */
  readonly flags?: string
  /** Closes the connection in the midst of what FETCH gives. */
  readonly dies?: boolean
  /** Says nothing to this verb any more. */
  readonly hangs?: string
  /** Has LOGIN only. */
  readonly hasNoPlain?: boolean
  /** Says NO to this verb. */
  readonly refuses?: string
  /** Says NO to this verb without its literals, as Courier does. */
  readonly refusesLiterals?: string
  /** Responses that it says of itself before it answers a FETCH (NOTIFY). */
  readonly pushes?: string
}

/** What it was told stands in `said`; APPEND is taken into `appended`, by folder. A password is right unless it begins with `wrong`. */
export async function smallBackEnd(options: BackEndOptions = {}) {
  const said: string[] = []
  const appended: (readonly [folder: string, message: string])[] = []
  const capabilities =
    options.capabilities ?? 'IMAP4rev1 LITERAL+ IDLE MOVE UIDPLUS COMPRESS=DEFLATE'
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    void serve(socket).catch(() => socket.destroy())
  })
  const serve = async (socket: Socket): Promise<void> => {
    const source = new ByteSource(socket)
    /** A command with literals, in the lines of the client; where there are no arguments it is over without them. */
    const restOf = async (first: string): Promise<void> => {
      let line = first
      for (;;) {
        const size = /\{(\d+)(\+?)\}\r\n$/.exec(line)
        if (!size || / (?:NOOP|APPEND)\b/i.test(first)) return
        if (first.split(' ')[1] === options.refusesLiterals) return
        if (size[2] === '') socket.write('+ go on\r\n')
        const literal = await exactly(source, Number(size[1]))
        line = (await source.line(1e6)) ?? ''
        const text = `${literal}${line.replace(/\r\n$/, '')}`
        said.push(...text.split('\n').map(one => one.trimEnd()))
      }
    }
    socket.write('* OK here\r\n')
    for (let line = await source.line(1e6); line !== undefined; line = await source.line(1e6)) {
      said.push(line.trimEnd())
      await restOf(line)
      const [tag = '', verb = '', ...rest] = line.trimEnd().split(' ')
      const answer = (words = `OK ${verb} done`) => socket.write(`${tag} ${words}\r\n`)
      const what = verb.toUpperCase()
      if (what === options.hangs) return
      if (what === 'CAPABILITY')
        socket.write(`* CAPABILITY ${capabilities}${options.hasNoPlain ? '' : ' AUTH=PLAIN'}\r\n`)
      if (what === 'AUTHENTICATE') {
        socket.write('+ \r\n')
        const secret = Buffer.from((await source.line(1e6)) ?? '', 'base64').toString('latin1')
        said.push(secret)
        if (/\0wrong[^\0]*$/.test(secret)) answer('NO [AUTHENTICATIONFAILED] wrong')
        else answer(`OK [CAPABILITY ${capabilities}] in`)
        continue
      }
      if (what === 'IDLE') {
        socket.write('+ idling\r\n* 3 EXISTS\r\n')
        const done = ((await source.line(1e6)) ?? '').trimEnd()
        said.push(done)
        answer(done.toUpperCase() === 'DONE' ? undefined : 'BAD Expected DONE')
        continue
      }
      const size = /\{(\d+)(\+?)\}$/.exec(line.trimEnd())
      if (what === 'APPEND' && size && what !== options.refusesLiterals) {
        if (size[2] === '') socket.write('+ go on\r\n')
        const text = await exactly(source, Number(size[1]))
        if ((await source.line(1e6)) === undefined) return
        appended.push([(rest[0] ?? '').replaceAll('"', ''), text])
      }
      if (what === options.refuses || what === options.refusesLiterals) {
        answer('NO [TRYCREATE] there is no such folder')
        continue
      }
      if (line.includes('FETCH 1 (UID FLAGS)'))
        socket.write(`* 1 FETCH (UID 1 FLAGS (${options.flags ?? ''}))\r\n`)
      if (line.includes('BODY.PEEK[]')) {
        socket.write(options.pushes ?? '')
        const body = options.stored ?? ''
        socket.write(`* 1 FETCH (UID 1 BODY[] {${body.length}}\r\n`)
        if (options.dies) return void socket.end(body.slice(0, 40))
        socket.write(`${body})\r\n* 7 EXISTS\r\n`)
      }
      if (what === 'LOGOUT') return void socket.end(`* BYE\r\n${tag} OK bye\r\n`)
      answer()
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  /** Bytes that it has got rid of, of its last connection. */
  const sent = () => {
    const last = sockets.at(-1)
    return last ? last.bytesWritten - last.writableLength : 0
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { said, appended, port, sent, cut, close: () => server.close() }
}

async function exactly(source: ByteSource, size: number): Promise<string> {
  let text = ''
  while (text.length < size) {
    const bytes = await source.some(size - text.length)
    if (!bytes) throw new Error('it ended in the midst of a literal')
    text += bytes.toString('latin1')
  }
  return text
}

export async function imapDoor(
  engine: Engine,
  backEndPort: number,
  {
    sendFolders = ['Send'],
    implicitTls = true,
    caps = WIDE,
    tokens = [],
    ...settings
  }: Partial<
    GatewaySettings &
      Pick<ImapListener, 'sendFolders' | 'implicitTls' | 'tokens'> & { readonly caps: CapSettings }
  > = {},
) {
  const { parts, sessions, troubles } = await gatewayParts(engine, { caps, settings })
  const door = await openImapDoor(
    {
      address: '127.0.0.1',
      port: 0,
      implicitTls,
      trustedProxies: [],
      realm: 'main',
      backEnd: `imap://127.0.0.1:${backEndPort}`,
      proxyHeader: false,
      tokens,
      sendFolders,
      sentFolder: 'Sent',
    },
    parts,
  )
  return { ...door, sessions, troubles }
}

export async function imapTalk(port: number, login?: string): Promise<GatewayTalk> {
  const talk = gatewayTalk(port)
  await talk.until(/^\* OK .*\r\n/)
  if (login !== undefined) {
    talk.say(`l LOGIN ${login} secret\r\n`)
    await talk.until(/^l OK .*\r\n/m)
  }
  return talk
}
