// The message that one connection is receiving: its size so far, and the draft that stores it. A message that is too large, or cannot
// be stored, is read to its end and not kept. There is at most one at a time.

import { SeenMessageId } from '../../mail/seen-message-id.ts'
import type { Transaction } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import { Pieces } from './pieces.ts'

export type MessageParts = {
  readonly engine: Pick<Engine, 'open'>
  /** Bytes: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxSize: number
  readonly trouble: (error: unknown, about: string) => void
}

export class MessageIn {
  readonly #parts: MessageParts
  readonly #pieces = new Pieces()
  #draft: Draft | undefined
  #size = 0
  #seen = new SeenMessageId()

  constructor(parts: MessageParts) {
    this.#parts = parts
  }

  get isTooLarge(): boolean {
    return this.#size > this.#parts.maxSize
  }

  /** The Message-ID, once its field has arrived. */
  get known(): { readonly messageId?: string } {
    return this.#seen.known
  }

  async open(transaction: Transaction): Promise<void> {
    this.#draft = await this.#parts.engine.open(transaction)
  }

  /** Starts a message (DATA, or the first BDAT). */
  begin(): void {
    this.#size = 0
    this.#seen = new SeenMessageId()
  }

  async add(bytes: Uint8Array): Promise<void> {
    this.#size += bytes.length
    this.#seen.push(bytes)
    // Beyond the limit the rest is read, as SMTP requires, and not kept.
    if (this.isTooLarge) return this.drop()
    return this.#write(this.#pieces.add(bytes))
  }

  /** Undefined when the message could not be stored. */
  async finish(): Promise<Judgement | undefined> {
    await this.#write(this.#pieces.rest())
    const draft = this.#draft
    this.#draft = undefined
    return draft?.finish()
  }

  async drop(): Promise<void> {
    const draft = this.#draft
    this.#draft = undefined
    this.#pieces.rest()
    await draft?.abort().catch(error => this.#parts.trouble(error, 'dropping a message'))
  }

  async #write(pieces: readonly Uint8Array[]): Promise<void> {
    try {
      for (const piece of pieces) await this.#draft?.write(piece)
    } catch (error) {
      this.#parts.trouble(error, 'storing a message')
      await this.drop()
    }
  }
}
