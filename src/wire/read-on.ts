// Back-pressure on a connection that is answered: while the peer does not take what we wrote, nothing more is read from it or
// worked on for it. What a peer that never reads can make us keep is then a few kilobytes of replies and what was read last.

import type { Socket } from 'node:net'

/**
 * For `highWaterMark` of a server or of a TLS socket, in bytes: with more replies than this in our own memory, a connection waits for
 * its peer. Less than Node's 64 KiB, because a short reply costs many times its length there; more than any one of our replies.
 */
export const UNTAKEN = 4096

/** Call this when all that was read is dealt with, or must wait: reads on, or stops until the socket's next `drain`. */
export function readOn(socket: Socket): void {
  if (socket.writableNeedDrain) socket.pause()
  else if (socket.isPaused()) socket.resume()
}
