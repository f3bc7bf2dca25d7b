// Gives Node's parser no more than one request of a connection at a time. A client may send many at once (RFC 9112 §9.3.2), and Node would
// make a request and a response of each of the 2,400 in 64 KB, in one turn of the loop, also on a connection that is destroyed at the
// second. None that people use does it: what follows a request before its answer ends the connection, unread.

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** Of a body, or of a header that does not end: what follows it in one piece is bounded by this. */
const PIECE = 1024
const END_OF_HEADER = Buffer.from('\n\r\n')

/** To be called by a listener of `connection`; `current`: the request that is being read or answered. */
export function oneRequestAtATime(
  socket: Socket,
  current: () => IncomingMessage | undefined,
): void {
  const parsers = socket.listeners('data')
  // To listen takes the socket away from the parser, which reads by itself otherwise.
  socket.on('data', (data: Buffer) => {
    let rest = data
    while (rest.length > 0 && !socket.destroyed) {
      const request = current()
      if (request?.complete && !isBlank(rest)) return void socket.destroy()
      const size = request === undefined ? headerSize(rest) : PIECE
      const piece = rest.subarray(0, size)
      rest = rest.subarray(size)
      for (const parse of parsers) parse.call(socket, piece)
    }
  })
  for (const parse of parsers) socket.off('data', parse as (data: Buffer) => void)
}

function headerSize(bytes: Buffer): number {
  const end = bytes.subarray(0, PIECE).indexOf(END_OF_HEADER)
  return end < 0 ? PIECE : end + END_OF_HEADER.length
}

/** Some clients end a body with a line end that does not belong to it (RFC 9112 §2.2). */
function isBlank(bytes: Buffer): boolean {
  return bytes.length <= 2 && bytes.every(byte => byte === 0x0d || byte === 0x0a)
}
