// The library smtp-server as somebody else's mail server: it takes everything and relays nothing.

import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Peer } from './peer.ts'

export async function smtpServerPeer(): Promise<Peer> {
  const mails: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('latin1'))
        done()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    name: 'smtp-server',
    port,
    pid: process.pid,
    domain: 'smtp-server.example',
    taken: () => [...mails],
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
