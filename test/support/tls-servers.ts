// `tls-servers.ts FILE`: mail servers of the library smtp-server and a web server, each at an address of loopback, as FILE says. Every mail that they take is a
// line on standard output: by which server, from and to which address, and whether in TLS. `send PORT FROM TO…` on standard input sends one mail there.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { createInterface } from 'node:readline'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { SMTPServer } from 'smtp-server'
import type { Pem } from './audit-certificates.ts'

export type TlsServers = {
  readonly mail: readonly (Pem & { readonly host: string; readonly clear: boolean })[]
  readonly web: Pem & {
    readonly host: string
    /** By host name: status, type, text, and where to instead. */
    readonly pages: Readonly<Record<string, WebReply>>
  }
}
export type WebReply = {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly location?: string
}

const { mail, web } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as TlsServers
const say = (...words: readonly string[]) => process.stdout.write(`${words.join(' ')}\n`)

for (const { host, key, cert, clear } of mail) {
  const server = new SMTPServer({
    ...(clear ? {} : { key, cert }),
    disabledCommands: clear ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    onData: (stream, { envelope, secure }, done) => {
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      stream.resume().on('end', () => {
        for (const to of envelope.rcptTo)
          say('taken', host, from, to.address, secure ? 'TLS' : 'clear')
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(25, host, resolve))
}

const { host, pages, key, cert } = web
const pagesServer = createServer({ key, cert }, ({ headers, url }, answer) => {
  const page = pages[headers.host ?? '']
  say('asked', headers.host ?? '', url ?? '')
  answer
    .writeHead(page?.status ?? 404, {
      'Content-Type': page?.type ?? 'text/plain',
      ...(page?.location === undefined ? {} : { Location: page.location }),
    })
    .end(page?.text ?? 'none')
})
await new Promise<void>(resolve => pagesServer.listen(443, host, resolve))

createInterface({ input: process.stdin }).on('line', line => {
  const [, port, from = '', ...to] = line.split(' ')
  const connection = new SMTPConnection({ port: Number(port), host: '127.0.0.1', ignoreTLS: true })
  connection.on('error', error => say('unsent', error.message))
  connection.connect(() =>
    connection.send({ from, to }, `From: ${from}\r\nSubject: hello\r\n\r\nhello\r\n`, error => {
      say(error ? `unsent ${error.message}` : 'sent')
      connection.quit()
    }),
  )
})
say('ready')
