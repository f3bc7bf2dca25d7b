// An IMAP server that says yes to each login and then waits, for measuring what waits before it. Prints its port.

import { createServer } from 'node:net'

const server = createServer(socket => {
  socket.on('error', () => socket.destroy())
  let login = ''
  socket.write('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n')
  socket.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('latin1').split('\r\n').slice(0, -1)) {
      const [tag = '', verb = ''] = line.split(' ')
      if (verb === 'AUTHENTICATE' || verb === 'LOGIN') login = tag
      if (verb === 'AUTHENTICATE' || line.endsWith('}')) socket.write('+ \r\n')
      else if (verb === 'CAPABILITY')
        socket.write(`* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n`)
      // What the client was asked for: a response, or a literal.
      else if (verb === '') socket.write(`${login} OK [CAPABILITY IMAP4rev1] in\r\n`)
      else socket.write(`${tag} OK done\r\n`)
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const bound = server.address()
  console.log(typeof bound === 'object' && bound ? bound.port : 0)
})
