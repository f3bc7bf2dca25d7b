// Lines and counted bytes of a connection, read when they are wanted: a peer that sends faster has to wait.

import type { Socket } from 'node:net'

const LF = 0x0a
const NOTHING = Buffer.alloc(0)

export class ByteSource {
  readonly #socket: Socket
  #held: Buffer = NOTHING
  #wake: (() => void) | undefined
  readonly #heard = () => this.#wake?.()

  constructor(socket: Socket) {
    this.#socket = socket
    for (const event of ['readable', 'end', 'close']) socket.on(event, this.#heard)
  }

  /** Nothing came that was not read yet. */
  get isDry(): boolean {
    return this.#held.length === 0 && this.#socket.readableLength === 0
  }

  /** The other side says no more. */
  get isOver(): boolean {
    return this.#socket.readableEnded || this.#socket.destroyed
  }

  /** A line with its end; undefined when the connection ends first, or the line is longer than `most` bytes. */
  async line(most: number): Promise<string | undefined> {
    for (let looked = 0; ; ) {
      const end = this.#held.indexOf(LF, looked)
      if (end >= most || (end < 0 && this.#held.length > most)) return undefined
      if (end >= 0) return this.#take(end + 1).toString('latin1')
      looked = this.#held.length
      if (!(await this.#fill())) return undefined
    }
  }

  /** At least one byte and at most so many; undefined when the connection ends first. */
  async some(most: number): Promise<Buffer | undefined> {
    if (this.#held.length === 0 && !(await this.#fill())) return undefined
    return this.#take(Math.min(most, this.#held.length))
  }

  /** What was read of it too far. */
  unread(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held])
  }

  /** What came and was not wanted yet. Nothing more is read for this source. */
  leave(): Buffer {
    for (const event of ['readable', 'end', 'close']) this.#socket.off(event, this.#heard)
    const chunk = this.#socket.read() as Buffer | null
    return chunk ? Buffer.concat([this.#held, chunk]) : this.#held
  }

  #take(bytes: number): Buffer {
    const taken = this.#held.subarray(0, bytes)
    this.#held = this.#held.subarray(bytes)
    return taken
  }

  async #fill(): Promise<boolean> {
    for (;;) {
      const chunk = this.#socket.read() as Buffer | null
      if (chunk) {
        this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
        return true
      }
      if (this.#socket.readableEnded || this.#socket.destroyed) return false
      await new Promise<void>(resolve => (this.#wake = resolve))
      this.#wake = undefined
    }
  }
}
