// Ends a connection while the client may still send: nothing of that is parsed, and it has a little time to read our last words, which a
// reset would take away from it (RFC 9112 §9.6).

import type { Socket } from 'node:net'

/** Time (ms) and bytes that are thrown away until it is cut. */
const LONGEST = 2000
const MOST = 256 * 1024

const left = new WeakSet<Socket>()

/** What listens to its data hears no more. */
export function leave(socket: Socket, lastWords = ''): void {
  if (left.has(socket) || socket.destroyed) return
  left.add(socket)
  let thrownAway = 0
  socket.removeAllListeners('data')
  socket.on('data', (data: Buffer) => {
    thrownAway += data.length
    if (thrownAway > MOST) socket.destroy()
  })
  socket.end(lastWords)
  socket.resume()
  const cut = setTimeout(() => socket.destroy(), LONGEST)
  socket.once('close', () => clearTimeout(cut))
}
