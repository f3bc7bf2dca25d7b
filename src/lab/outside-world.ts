// Run in the lab's outside: two mail servers that take everything and say what they took, web and mail ports that answer, and the far end of
// a VPN that sends back what it gets. Prints a line of JSON for each message, and "ready". Not for the Internet.

import { createSocket } from 'node:dgram'
import { createServer, type Socket } from 'node:net'
import { OUTSIDE4, OUTSIDE6 } from './namespaces.ts'
import { greeting, hear } from '../sensors/decoy/dialog.ts'

const [mailPort = 25, vpnPort = 51_820, ...answering] = process.argv.slice(2).map(Number)

function mail(socket: Socket): void {
  let { dialog, say } = greeting('mx.meadow.example')
  let rest = ''
  let inMessage = false
  socket.setEncoding('latin1').on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (inMessage) {
        if (line !== '.') continue
        inMessage = false
        process.stdout.write(`${JSON.stringify({ sender: dialog.sender })}\n`)
        socket.write('250 2.0.0 Ok\r\n')
        continue
      }
      const answer = hear(dialog, line)
      dialog = answer.dialog
      inMessage = answer.then === 'data'
      socket.write(answer.say)
      if (answer.then === 'close') socket.end()
    }
  })
  socket.write(say)
}

const listen = (port: number, serve: (socket: Socket) => void) =>
  new Promise<void>(resolve => createServer(serve).listen(port, '::', () => resolve()))

await listen(mailPort, mail)
for (const port of answering)
  await listen(port, socket => {
    socket.on('error', () => socket.destroy())
    socket.end(`port ${port}\n`)
  })
// One for each address, so that what comes back comes from where it was sent to.
for (const address of [...OUTSIDE4, ...OUTSIDE6]) {
  const vpn = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  vpn.on('message', (bytes, peer) => vpn.send(bytes, peer.port, peer.address))
  await new Promise<void>(resolve => vpn.bind(vpnPort, address, resolve))
}
process.stdout.write('ready\n')
