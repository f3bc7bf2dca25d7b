// The door of an access server at which it is asked to change sessions (RFC 5176). It is slow now and then, and says nothing for a while.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isSigned, parseRadius, signedAnswer } from '../../src/wire/radius.ts'
import { SECRET } from './access-server.ts'
import { CoaSessions } from './coa-sessions.ts'

export class CoaServer {
  readonly #socket: Socket
  readonly sessions = new CoaSessions()
  #silentUntil = 0
  #delay = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('message', (bytes, { port, address }) => {
      const answer = this.#answer(bytes)
      if (answer) setTimeout(() => this.#send(answer, port, address), this.#delay).unref()
    })
  }

  static async open(address: string): Promise<CoaServer> {
    const socket = createSocket('udp4')
    await once(socket.bind(0, address), 'listening')
    return new CoaServer(socket)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** For so long (ms) it hears nothing; from then on it takes so long to answer. */
  silent(span: number, delay: number): void {
    this.#silentUntil = Date.now() + span
    this.#delay = delay
  }

  close(): void {
    this.#socket.close()
  }

  #answer(bytes: Uint8Array): Uint8Array | undefined {
    const request = parseRadius(bytes)
    if (!request || !isSigned(bytes, SECRET) || Date.now() < this.#silentUntil) return undefined
    const { code, attributes } = this.sessions.change(request.attributes)
    return signedAnswer({ code, id: request.id, attributes }, request, SECRET)
  }

  #send(answer: Uint8Array, port: number, address: string): void {
    try {
      this.#socket.send(answer, port, address, () => undefined)
    } catch {
      // It was closed meanwhile.
    }
  }
}
