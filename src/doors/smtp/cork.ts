// Replies to commands that came together are one write: a write for each reply costs many times the command. `during` sends what is held
// before it waits.

import type { Socket } from 'node:net'

export class Cork {
  #corked: Socket | undefined

  /** What is said on this socket from now on waits, so that it goes together. */
  hold(socket: Socket): void {
    if (this.#corked) return
    this.#corked = socket
    socket.cork()
  }

  release(): void {
    this.#corked?.uncork()
    this.#corked = undefined
  }

  /** Waits for this; what was said before is not kept waiting. */
  during<T>(wait: Promise<T>): Promise<T> {
    this.release()
    return wait
  }
}
