// Somebody else's provider, run inside the lab's outside: port 25 takes everybody's mail, 587 and 465 want TLS and a password.
// smtp-server, because nobody here wrote it. Usage: far-provider.ts KEY CERTIFICATE; prints a line of JSON for each message.

import { readFileSync } from 'node:fs'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

const [keyFile = '', certFile = ''] = process.argv.slice(2)
const [key, cert] = [readFileSync(keyFile), readFileSync(certFile)]

function serve(port: number, options: SMTPServerOptions): Promise<void> {
  const server = new SMTPServer({
    ...options,
    key,
    cert,
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'far secret'
        ? done(null, { user: username })
        : done(new Error('Authentication failed')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        console.log(JSON.stringify({ port, user: session.user, secure: session.secure, text }))
        done()
      })
    },
  })
  server.on('error', () => undefined)
  return new Promise(resolve => server.listen(port, '::', () => resolve()))
}

await serve(25, { authOptional: true, disabledCommands: ['AUTH'] })
await serve(587, { authOptional: false })
await serve(465, { authOptional: false, secure: true })
console.log('ready')
