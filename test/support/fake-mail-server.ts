// A mail server that offers what a test tells it to, on 25, 465 and 587 of an address of its own. It keeps what it was asked, and how many were there at once.

import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

export type FakePort = {
  /** Listed, not there, not listed and yet taken, listed and refused. */
  readonly starttls?: 'listed' | 'absent' | 'stripped' | 'refused'
  /** Before TLS and after it. */
  readonly clearAuth?: boolean
  readonly auth?: boolean
  /** Recipients elsewhere that are taken without a login. */
  readonly relays?: RegExp
  /** What it says to any recipient. */
  readonly recipient?: string
  /** Instead of 220; empty: it says nothing. */
  readonly greeting?: string
  readonly more?: readonly string[]
}

export type FakeServer = {
  readonly ports: Readonly<Partial<Record<'25' | '465' | '587', FakePort>>>
  readonly certificate: { readonly key: string; readonly cert: string }
  /** TLS 1.0 and 1.1 are taken, too. */
  readonly oldTls?: boolean
}

export type FakeMailServer = {
  /** Commands, each with the port that it came to. */
  readonly heard: readonly string[]
  /** Connections at once, at most. */
  most(): number
  stop(): void
}

export async function fakeMailServer(
  { ports, certificate, oldTls = false }: FakeServer,
  { host, at }: { readonly host: string; readonly at: Readonly<Record<string, number>> },
): Promise<FakeMailServer> {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  let most = 0
  const secureContext = createSecureContext({
    ...certificate,
    ...(oldTls ? { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } : {}),
  })
  const servers: Server[] = []
  for (const [port, offered] of Object.entries(ports)) {
    const server = createServer(socket => {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
      const secure = () => {
        const made = new TLSSocket(socket, { isServer: true, secureContext })
        return made.on('error', () => socket.destroy())
      }
      const hear = (line: string) => heard.push(`${port} ${line}`)
      // By then an earlier one that was ended is known to be gone.
      setTimeout(() => {
        most = Math.max(most, sockets.size)
        if (port === '465') session(secure(), offered, { isTls: true, greets: true, secure, hear })
        else session(socket, offered, { isTls: false, greets: true, secure, hear })
      }, GREETS_AFTER)
    })
    await new Promise<void>(resolve => server.listen(at[port], host, resolve))
    servers.push(server)
  }
  return {
    heard,
    most: () => most,
    stop: () => {
      for (const one of servers) one.close()
      for (const one of sockets) one.destroy()
    },
  }
}

/** ms */
const GREETS_AFTER = 30

type FakeSession = {
  readonly isTls: boolean
  readonly greets: boolean
  readonly secure: () => TLSSocket
  readonly hear: (line: string) => void
}

function session(
  socket: Socket,
  offered: FakePort,
  { isTls, greets, secure, hear }: FakeSession,
): void {
  const say = (...lines: readonly string[]) =>
    socket.write(lines.map(line => `${line}\r\n`).join(''))
  const { greeting = '220 mail.example ESMTP', starttls = 'listed' } = offered
  if (greets && greeting !== '') say(greeting)
  const onData = (chunk: Buffer) => {
    const line = chunk.toString('latin1').trimEnd()
    hear(line)
    if (greeting === '') return
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') {
      const keywords = keywordsOf(offered, isTls)
      say(...keywords.map((word, i) => `250${i < keywords.length - 1 ? '-' : ' '}${word}`))
    } else if (verb === 'STAR' && !isTls && (starttls === 'listed' || starttls === 'stripped')) {
      socket.off('data', onData)
      say('220 go')
      session(secure(), offered, { isTls: true, greets: false, secure, hear })
    } else if (verb === 'STAR') say('502 not here')
    else if (verb === 'RCPT') say(offered.recipient ?? answerTo(line, offered))
    else if (verb === 'QUIT') socket.end('221 bye\r\n')
    else say('250 fine')
  }
  socket.on('data', onData)
}

function keywordsOf({ starttls = 'listed', auth, clearAuth, more = [] }: FakePort, isTls: boolean) {
  const isListed = !isTls && (starttls === 'listed' || starttls === 'refused')
  const isAuth = isTls ? auth : clearAuth
  return [
    'mail.example',
    ...(isListed ? ['STARTTLS'] : []),
    ...(isAuth ? ['AUTH PLAIN LOGIN'] : []),
    ...more,
    '8BITMIME',
  ]
}

const answerTo = (line: string, { relays }: FakePort): string =>
  relays?.test(line) ? '250 fine' : '554 5.7.1 relay access denied'
