// The IMAP gateway of a small Cordon on a free loopback port, a server behind it that is as small, and a client that says what it is told.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { connect } from 'node:tls'
import type { ImapSettings } from '../../src/doors/imap/connection.ts'
import { type ImapListener, openImapDoor } from '../../src/doors/imap/server.ts'
import { ByteSource } from '../../src/doors/imap/byte-source.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { commandTurns } from '../../src/wire/command-turns.ts'
import { connectionCaps } from '../../src/wire/connection-caps.ts'
import { sessionTable } from '../../src/wire/session-table.ts'
import { NOW } from './small-cordon.ts'
import { identity, testLogins, testLoginsElsewhere, WIDE } from './smtp-door.ts'

export type BackEndOptions = {
  readonly capabilities?: string
  /** What FETCH of a body gives. */
  readonly stored?: string
  /** Closes the connection in the midst of what FETCH gives. */
  readonly dies?: boolean
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
    socket.write('* OK here\r\n')
    for (let line = await source.line(1e6); line !== undefined; line = await source.line(1e6)) {
      said.push(line.trimEnd())
      const [tag = '', verb = '', ...rest] = line.trimEnd().split(' ')
      const answer = (words = `OK ${verb} done`) => socket.write(`${tag} ${words}\r\n`)
      const what = verb.toUpperCase()
      if (what === 'CAPABILITY') socket.write(`* CAPABILITY ${capabilities} AUTH=PLAIN\r\n`)
      if (what === 'AUTHENTICATE') {
        socket.write('+ \r\n')
        const secret = Buffer.from((await source.line(1e6)) ?? '', 'base64').toString()
        if (/\0wrong[^\0]*$/.test(secret)) answer('NO [AUTHENTICATIONFAILED] wrong')
        else answer(`OK [CAPABILITY ${capabilities}] in`)
        continue
      }
      const size = /\{(\d+)(\+?)\}$/.exec(line.trimEnd())
      if (what === 'APPEND' && size) {
        if (size[2] === '') socket.write('+ go on\r\n')
        let text = ''
        while (text.length < Number(size[1])) {
          const bytes = await source.some(Number(size[1]) - text.length)
          if (!bytes) return
          text += bytes.toString('latin1')
        }
        if ((await source.line(1e6)) === undefined) return
        appended.push([(rest[0] ?? '').replaceAll('"', ''), text])
      }
      if (line.includes('BODY.PEEK[]')) {
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
  return { said, appended, port, sent, close: () => server.close() }
}

export async function imapDoor(
  engine: Engine,
  backEndPort: number,
  {
    sendFolders = ['Send'],
    ...settings
  }: Partial<ImapSettings & Pick<ImapListener, 'sendFolders'>> = {},
) {
  const troubles: unknown[] = []
  const sessions = sessionTable()
  const door = await openImapDoor(
    {
      address: '127.0.0.1',
      port: 0,
      implicitTls: true,
      trustedProxies: [],
      realm: 'main',
      backEnd: `imap://127.0.0.1:${backEndPort}`,
      sendFolders,
      sentFolder: 'Sent',
    },
    {
      engine,
      logins: testLogins(engine),
      loginsElsewhere: testLoginsElsewhere(engine),
      caps: connectionCaps(WIDE),
      turns: commandTurns(),
      sessions,
      identity: await identity(),
      now: () => NOW,
      newSessionId: () => 'test',
      settings: () => ({
        ourName: 'mail.isp.example',
        domain: 'isp.example',
        maxSize: 100_000,
        maxRecipients: 3,
        ...settings,
      }),
      trouble: (error, about) => troubles.push(`${about}: ${String(error)}`),
    },
  )
  return { ...door, sessions, troubles }
}

export type ImapTalk = {
  /** All that was heard and not waited for. */
  heard(): string
  say(text: string): void
  /** Resolves with what was heard up to the end of the first match. */
  until(pattern: RegExp): Promise<string>
  ended(): Promise<void>
  /** Reads nothing more until it is resumed. */
  pause(): void
  resume(): void
  end(): void
}

/** The bound is there to end a test that is red, in ms. */
const PATIENCE = 15_000

/** A client over TLS, logged in as this login unless there is none. */
export async function imapTalk(port: number, login?: string): Promise<ImapTalk> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  socket.on('error', () => socket.destroy())
  let heard = ''
  let wake = () => {}
  socket.setEncoding('latin1')
  socket.on('data', chunk => {
    heard += String(chunk)
    wake()
  })
  const closed = once(socket, 'close').then(() => wake())
  const whenEnded = async () => {
    const late = setTimeout(() => socket.destroy(new Error('late')), PATIENCE).unref()
    const at = performance.now()
    await closed
    clearTimeout(late)
    if (performance.now() - at >= PATIENCE) throw new Error(`it did not end after ${heard}`)
  }
  const until = async (pattern: RegExp) => {
    const end = performance.now() + PATIENCE
    for (;;) {
      const found = pattern.exec(heard)
      if (found) {
        const text = heard.slice(0, found.index + found[0].length)
        heard = heard.slice(text.length)
        return text
      }
      if (socket.closed) throw new Error(`it ended after ${heard}`)
      if (performance.now() > end)
        throw new Error(`it did not say ${pattern}, but ${heard.slice(0, 500)}`)
      await new Promise<void>(resolve => {
        wake = resolve
        setTimeout(resolve, PATIENCE).unref()
      })
    }
  }
  const talk = {
    heard: () => heard,
    say: (text: string) => void socket.write(text, 'latin1'),
    until,
    ended: whenEnded,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => socket.destroy(),
  }
  await until(/^\* OK .*\r\n/)
  if (login !== undefined) {
    talk.say(`l LOGIN ${login} secret\r\n`)
    await until(/^l OK .*\r\n/m)
  }
  return talk
}
