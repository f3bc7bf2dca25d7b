// The side of the server behind after a login: commands are passed on, and what it answers goes to the client as it comes. How many commands
// have no answer yet is counted, because a word of ours may come only when there is none.

import type { Socket } from 'node:net'
import type { BackEnd } from '../../gateway/back-end.ts'
import type { AnsweredIn } from './command-line.ts'
import { Responses } from './responses.ts'

/** Commands without an answer yet; a client that sends more (PIPELINING) waits. */
const MOST_AHEAD = 1000

export type BackEndSideParts = {
  readonly backEnd: BackEnd
  readonly client: Socket
  readonly edited: (lines: readonly string[]) => readonly string[]
}

export class BackEndSide {
  readonly #socket: Socket
  readonly #client: Socket
  readonly #responses: Responses
  readonly #awaited: AnsweredIn[] = []
  readonly #ended: (() => void)[] = []
  #wakes: (() => void)[] = []
  #gone = false

  constructor({ backEnd, client, edited }: BackEndSideParts) {
    this.#socket = backEnd.socket
    this.#client = client
    this.#responses = new Responses({
      next: () => this.#awaited.shift(),
      out: bytes => void client.write(bytes),
      edited,
      tooMuch: () => this.#socket.destroy(),
    })
    const early = backEnd.source.leave()
    this.#socket.on('data', (chunk: Buffer) => this.#heard(chunk))
    this.#socket.on('drain', () => this.#wake())
    for (const event of ['close', 'end']) this.#socket.once(event, () => this.#left())
    client.on('drain', () => this.#socket.resume())
    this.#heard(early)
    if (this.#socket.destroyed || this.#socket.readableEnded) this.#left()
    else this.#socket.resume()
  }

  /** All commands are answered, and no answer is on its way. */
  get isQuiet(): boolean {
    return this.#awaited.length === 0 && this.#responses.isBetween
  }

  onEnd(call: () => void): void {
    if (this.#gone) call()
    else this.#ended.push(call)
  }

  /** Resolves when the server takes more; false when it is gone. */
  async forward(line: string, answer: AnsweredIn): Promise<boolean> {
    await this.#until(() => this.#awaited.length < MOST_AHEAD && !this.#socket.writableNeedDrain)
    if (this.#gone) return false
    this.#awaited.push(answer)
    this.#socket.write(line, 'latin1')
    return true
  }

  /** False when the server is gone. */
  async quiet(): Promise<boolean> {
    await this.#until(() => this.isQuiet)
    return !this.#gone
  }

  #heard(chunk: Buffer): void {
    this.#client.cork()
    this.#responses.push(chunk)
    this.#client.uncork()
    if (this.#client.writableNeedDrain) this.#socket.pause()
    this.#wake()
  }

  #left(): void {
    if (this.#gone) return
    this.#gone = true
    this.#wake()
    for (const call of this.#ended) call()
  }

  #wake(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.#gone) await new Promise<void>(resolve => this.#wakes.push(resolve))
  }
}
