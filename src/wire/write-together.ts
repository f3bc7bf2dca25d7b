// Replies to many connections, written one after the other when everything that has come is answered: whoever waits at the other
// end is woken while we are still writing to the next, and waking is what a write costs most.

import type { Socket } from 'node:net'

export function writeTogether(): (socket: Socket, text: string) => void {
  let waiting: { readonly socket: Socket; readonly text: string }[] = []
  const write = () => {
    const all = waiting
    waiting = []
    for (const { socket, text } of all) socket.write(text, 'latin1')
  }
  return (socket, text) => {
    if (waiting.push({ socket, text }) === 1) setImmediate(write)
  }
}
