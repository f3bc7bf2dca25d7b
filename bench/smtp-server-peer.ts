// The library smtp-server (Nodemailer's) as a submission server: TLS, a password that is compared, and the message read
// to its end and thrown away. Prints the port it got.

import { readFileSync } from 'node:fs'
import { SMTPServer } from 'smtp-server'

const [key = '', cert = ''] = process.argv.slice(2)
const server = new SMTPServer({
  key: readFileSync(key),
  cert: readFileSync(cert),
  logger: false,
  onAuth: (auth, _session, done) =>
    auth.username === 'anna@isp.example' && auth.password === 'a password'
      ? done(null, { user: auth.username })
      : done(new Error('wrong')),
  onData: (stream, _session, done) => {
    stream.resume()
    stream.on('end', () => done())
  },
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1', () => {
  const bound = server.server.address()
  console.log(typeof bound === 'object' ? bound?.port : bound)
})
