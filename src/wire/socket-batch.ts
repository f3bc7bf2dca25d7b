// The work of many connections at once: what has come is looked at together, and answered together. A client that waits at the other end
// is woken while we are still writing to the next, and waking is what a write costs most; and code that has just run for one
// connection runs faster for the next than after the kernel was in between. Where several wait already, one turn more is given to
// the others: they would otherwise fall asleep in between, and be woken once more.

import type { Socket } from 'node:net'
import { readOn } from './read-on.ts'

export type SocketBatch = {
  /** Does this work with that of the other connections. The work deals with its own errors. */
  work(task: () => void): void
  /** Writes this when all work that is to be done now is done. A socket that does not take it is paused. */
  say(socket: Socket, text: string): void
  /** Ends the connection behind what is still to be written. */
  end(socket: Socket): void
}

export function socketBatch(): SocketBatch {
  let tasks: (() => void)[] = []
  /** Without a text the connection ends. */
  let replies: { readonly socket: Socket; readonly text?: string }[] = []
  let scheduled = false
  let waited = false

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(run)
  }
  const run = () => {
    if (tasks.length + replies.length > 1 && !waited) {
      waited = true
      return void setImmediate(run)
    }
    waited = false
    const now = tasks
    tasks = []
    for (const task of now) task()
    const all = replies
    replies = []
    scheduled = false
    // A client that does not read is not read from, until `drain`.
    for (const { socket, text } of all) {
      if (text === undefined) socket.end()
      else if (!socket.write(text, 'latin1')) readOn(socket)
    }
    if (tasks.length > 0) schedule()
    return undefined
  }
  return {
    work: task => {
      tasks.push(task)
      schedule()
    },
    say: (socket, text) => {
      replies.push({ socket, text })
      schedule()
    },
    end: socket => {
      replies.push({ socket })
      schedule()
    },
  }
}
