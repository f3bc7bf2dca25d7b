// The least a policy server written in Node can do: reads each request to its end and says DUNNO. Prints its port.

import { createServer } from 'node:net'

const server = createServer({ noDelay: true }, socket => {
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const request = new Map<string, string>()
      for (const line of text.slice(0, end).split('\n')) {
        const equals = line.indexOf('=')
        request.set(line.slice(0, equals), line.slice(equals + 1))
      }
      text = text.slice(end + 2)
      if (request.get('request') === 'smtpd_access_policy') socket.write('action=DUNNO\n\n')
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const bound = server.address()
  console.log(typeof bound === 'object' ? bound?.port : bound)
})
