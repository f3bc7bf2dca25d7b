// Replies to many connections, written one after the other when everything that has come is answered: whoever waits at the other
// end is woken while we are still writing to the next, and waking is what a write costs most. Where there are several, what came
// while they were worked out is answered with them: otherwise the others fall asleep in between, and are woken once more.

import type { Socket } from 'node:net'

export function writeTogether(): (socket: Socket, text: string) => void {
  let waiting: { readonly socket: Socket; readonly text: string }[] = []
  let waited = false
  const write = () => {
    if (waiting.length > 1 && !waited) {
      waited = true
      return void setImmediate(write)
    }
    waited = false
    const all = waiting
    waiting = []
    for (const { socket, text } of all) socket.write(text, 'latin1')
    return undefined
  }
  return (socket, text) => {
    if (waiting.push({ socket, text }) === 1) setImmediate(write)
  }
}
