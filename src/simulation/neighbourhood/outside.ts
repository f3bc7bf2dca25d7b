// The mail servers of the outside: a dozen real SMTP servers on loopback that take what comes, know some of their users,
// and count what arrives. Whatever the report says was delivered, was counted here.

import { createServer, type Server, type Socket } from 'node:net'
import { SmtpDecoder } from '../../doors/smtp/codec.ts'
import { OUTSIDE } from '../population/town.ts'

export type Outside = {
  /** Port of the exchanger of each outside domain, in the order of OUTSIDE. */
  readonly ports: readonly number[]
  /** Message id -> recipients that were accepted, over all servers. */
  readonly arrivals: ReadonlyMap<string, ReadonlySet<string>>
  /** Message ids refused as spam after DATA. */
  readonly refused: ReadonlySet<string>
  close(): Promise<void>
}

type Mailbag = { arrivals: Map<string, Set<string>>; refused: Set<string> }

export async function startOutside(): Promise<Outside> {
  const bag: Mailbag = { arrivals: new Map(), refused: new Set() }
  const sockets = new Set<Socket>()
  const servers: Server[] = []
  for (const { domain } of OUTSIDE) {
    const server = createServer(socket => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
      serve(socket, domain, bag)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    servers.push(server)
  }
  return {
    ports: servers.map(portOf),
    arrivals: bag.arrivals,
    refused: bag.refused,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(
        servers.map(server => new Promise<void>(resolve => server.close(() => resolve()))),
      )
    },
  }
}

export function portOf(server: Server): number {
  const bound = server.address()
  return typeof bound === 'object' && bound ? bound.port : 0
}

/** A plain server of the old school: no TLS, no questions, knows no mailbox called gone-…. */
function serve(socket: Socket, domain: string, bag: Mailbag): void {
  const decoder = new SmtpDecoder()
  let recipients: string[] = []
  let content: Uint8Array[] = []
  const say = (text: string) => void socket.write(`${text}\r\n`)
  say(`220 mx.${domain} ESMTP`)
  const line = (text: string) => {
    const verb = text.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') return say(`250-mx.${domain}\r\n250-PIPELINING\r\n250 8BITMIME`)
    if (verb === 'HELO' || verb === 'NOOP') return say('250 Ok')
    if (verb === 'QUIT') return void socket.end('221 Bye\r\n')
    if (verb === 'MAIL' || verb === 'RSET') {
      recipients = []
      return say('250 Ok')
    }
    if (verb === 'RCPT') {
      const address = /<([^>]*)>/.exec(text)?.[1] ?? ''
      if (address.startsWith('gone-'))
        return say(`550 5.1.1 <${address}>: Recipient address rejected: User unknown`)
      recipients.push(address)
      return say('250 Ok')
    }
    if (verb === 'DATA') {
      if (recipients.length === 0) return say('554 no valid recipients')
      content = []
      decoder.startData()
      return say('354 go ahead')
    }
    return say('502 what?')
  }
  socket.on('data', chunk => {
    decoder.push(chunk)
    for (let token = decoder.next(); token; token = decoder.next()) {
      if (token.kind === 'line') line(token.text)
      else if (token.kind === 'data') content.push(token.bytes)
      else if (token.kind === 'data-end')
        say(take(Buffer.concat(content).toString('utf8'), recipients, bag))
      else say('500 what?')
    }
  })
}

/** Outside filters are no better than ours: they refuse one spam in ten, always the same one. */
function take(message: string, recipients: readonly string[], bag: Mailbag): string {
  const id = /^Message-ID: <([^@>]+)@client\.invalid>/im.exec(message)?.[1]
  if (id === undefined) return '250 2.0.0 Ok'
  if (/\.top\//.test(message) && Number(/(\d+)$/.exec(id)?.[1] ?? 0) % 10 === 7) {
    bag.refused.add(id)
    return '554 5.7.1 Message refused as spam'
  }
  const known = bag.arrivals.get(id) ?? new Set()
  for (const address of recipients) known.add(address)
  bag.arrivals.set(id, known)
  return '250 2.0.0 Ok: taken'
}
