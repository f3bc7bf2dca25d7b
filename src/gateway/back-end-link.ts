// The connection to the server behind once the login is done: what it says goes to the client no faster than the client reads, and a
// conversation with it waits for what it says next.

import type { Socket } from 'node:net'
import type { BackEnd } from './back-end.ts'

export class BackEndLink {
  readonly socket: Socket
  readonly #client: Socket
  readonly #push: (chunk: Buffer) => void
  readonly #ended: (() => void)[] = []
  #wakes: (() => void)[] = []
  #isGone = false

  /** `push` takes what the server says, as it comes; the first of it when `begin` is called. */
  constructor({ socket }: BackEnd, client: Socket, push: (chunk: Buffer) => void) {
    this.socket = socket
    this.#client = client
    this.#push = push
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** `early`: what came with the answer to the login. */
  begin(early: Buffer): void {
    this.socket.on('data', (chunk: Buffer) => this.#heard(chunk))
    this.socket.on('drain', () => this.wake())
    for (const event of ['close', 'end']) this.socket.once(event, () => this.#left())
    this.#client.on('drain', () => this.socket.resume())
    this.#heard(early)
    if (this.socket.destroyed || this.socket.readableEnded) this.#left()
    else this.socket.resume()
  }

  onEnd(call: () => void): void {
    if (this.#isGone) call()
    else this.#ended.push(call)
  }

  /** What waits looks again. */
  wake(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }

  /** Resolves when it holds, or the server is gone. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.#isGone) await new Promise<void>(resolve => this.#wakes.push(resolve))
  }

  #heard(chunk: Buffer): void {
    this.#client.cork()
    this.#push(chunk)
    this.#client.uncork()
    if (this.#client.writableNeedDrain) this.socket.pause()
    this.wake()
  }

  #left(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.wake()
    for (const call of this.#ended) call()
  }
}
