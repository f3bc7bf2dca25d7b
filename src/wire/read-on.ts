// Back-pressure on a connection that is answered: while the peer does not take what we wrote, nothing more is read from it or
// worked on for it. What a peer that never reads can make us keep is then a few kilobytes of replies and what was read last.

import type { Socket } from 'node:net'

/**
 * For `highWaterMark` of a server or of a TLS socket, in bytes: with more replies than this in our own memory, a connection waits for
 * its peer. Less than Node's 64 KiB, because a short reply costs many times its length there; more than any one of our replies.
 */
export const UNTAKEN = 4096

/** RFC 5321 §4.5.3.2.7: a server waits five minutes for its client; that holds for what the client is to take, too. */
export const PATIENCE = 5 * 60_000

/** When the peer has taken nothing for so long, that is told; the connection goes on. */
export const NOTICED = 10_000

/** `ended`: the connection ends with it. */
type HearsUntaken = (how: { readonly ended: boolean }) => void

type Watched = {
  readonly told: HearsUntaken
  timer?: NodeJS.Timeout | undefined
  looking?: NodeJS.Timeout | undefined
  isNoticed?: boolean
}
const watched = new WeakMap<Socket, Watched>()

/**
 * Ends the connection, after `told`, when its peer has not taken what waits within `PATIENCE`, however busily it takes a byte now and
 * then. Tells it before, once, when it takes nothing at all for `NOTICED`.
 */
export function endUntaken(socket: Socket, told: HearsUntaken): void {
  watched.set(socket, { told })
}

/** Call this when all that was read is dealt with, or must wait: reads on, or stops until the socket's next `drain`. */
export function readOn(socket: Socket): void {
  if (socket.writableNeedDrain) {
    socket.pause()
    wait(socket)
  } else if (socket.isPaused()) socket.resume()
}

function wait(socket: Socket): void {
  const one = watched.get(socket)
  if (!one || one.timer || socket.destroyed) return
  const over = () => {
    clearTimeout(one.timer)
    clearTimeout(one.looking)
    one.timer = undefined
    for (const event of ['drain', 'close']) socket.off(event, over)
  }
  for (const event of ['drain', 'close']) socket.on(event, over)
  one.timer = setTimeout(() => {
    over()
    one.told({ ended: true })
    socket.destroy()
  }, PATIENCE)
  if (!one.isNoticed) look(socket, one)
}

function look(socket: Socket, one: Watched): void {
  const { writableLength } = socket
  one.looking = setTimeout(() => {
    if (socket.writableLength < writableLength) return look(socket, one)
    one.isNoticed = true
    one.told({ ended: false })
    return undefined
  }, NOTICED)
}
