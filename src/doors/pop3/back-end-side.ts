// The side of the server behind after a login: commands are passed on, and what it answers goes to the client as it comes. How many commands
// have no answer yet is counted, because a word of ours may come only when there is none.

import type { Socket } from 'node:net'
import type { BackEnd } from '../../gateway/back-end.ts'
import { BackEndLink } from '../../gateway/back-end-link.ts'
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
  readonly #link: BackEndLink
  readonly #responses: Responses
  readonly #awaited: AnsweredIn[] = []

  constructor({ backEnd, client, edited }: BackEndSideParts) {
    this.#responses = new Responses({
      next: () => this.#awaited.shift(),
      out: bytes => void client.write(bytes),
      edited,
      tooMuch: () => backEnd.socket.destroy(),
    })
    this.#link = new BackEndLink(backEnd, client, chunk => this.#responses.push(chunk))
    this.#link.begin(backEnd.source.leave())
  }

  /** All commands are answered, and no answer is on its way. */
  get isQuiet(): boolean {
    return this.#awaited.length === 0 && this.#responses.isBetween
  }

  onEnd(call: () => void): void {
    this.#link.onEnd(call)
  }

  /** Resolves when the server takes more; false when it is gone. */
  async forward(line: string, answer: AnsweredIn): Promise<boolean> {
    const { socket } = this.#link
    await this.#link.until(() => this.#awaited.length < MOST_AHEAD && !socket.writableNeedDrain)
    if (this.#link.isGone) return false
    this.#awaited.push(answer)
    socket.write(line, 'latin1')
    return true
  }

  /** False when the server is gone. */
  async quiet(): Promise<boolean> {
    await this.#link.until(() => this.isQuiet)
    return !this.#link.isGone
  }
}
