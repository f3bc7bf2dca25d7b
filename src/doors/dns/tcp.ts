// DNS over TCP (RFC 7766): two octets of length, then the message; several may come at once and are answered in their order. A client that
// says nothing for ten seconds, or whose question or reading of answers takes longer than five, is cut off.

import { createServer, type Server, type Socket } from 'node:net'
import { TcpPlaces } from './places.ts'

/** RFC 7766 §6.2.3: some seconds. In ms. */
const IDLE = 10_000
/** For the next whole question, or for taking answers, in ms: octet by octet a place could be held for hours. */
const WHOLE = 5000
/** Answered in one turn of the loop: others wait meanwhile. */
const IN_ONE_TURN = 50
/** The longest message and its length. */
const MAX_WAITING = 65_537

export type TcpAnswers = (asked: Uint8Array, address: string) => Uint8Array | undefined

export type TcpServer = { readonly server: Server; close(): Promise<void> }

/** `may`: whether a client at this address may ask; strangers are told so, and take no place of a client. */
export function tcpServer(
  answer: TcpAnswers,
  may: (address: string) => boolean,
  whole = WHOLE,
): TcpServer {
  const open = new Set<Socket>()
  const places = new TcpPlaces()
  const server = createServer(socket => {
    const address = socket.remoteAddress ?? ''
    socket.on('error', () => socket.destroy())
    const leave = places.enter(address, may(address))
    if (!leave) return void socket.destroy()
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      leave()
    })
    socket.setTimeout(IDLE, () => socket.destroy())
    return converse(socket, { answer: asked => answer(asked, address), whole })
  })
  return {
    server,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

type Conversation = {
  readonly answer: (asked: Uint8Array) => Uint8Array | undefined
  readonly whole: number
}

function converse(socket: Socket, { answer, whole }: Conversation): void {
  let rest: Buffer = Buffer.alloc(0)
  const owes = deadline(socket, whole)
  const pump = () => {
    let said = 0
    while (!socket.destroyed && rest.length >= 2) {
      const length = rest.readUInt16BE(0)
      if (length === 0) return void socket.destroy()
      if (rest.length < length + 2) break
      if (socket.writableNeedDrain) return owes.begin()
      if (said++ >= IN_ONE_TURN) {
        setImmediate(pump)
        return
      }
      const reply = answer(rest.subarray(2, length + 2))
      rest = rest.subarray(length + 2)
      // What is no question on a connection of questions is no client.
      if (!reply) return void socket.destroy()
      const framed = Buffer.allocUnsafe(reply.length + 2)
      framed.writeUInt16BE(reply.length, 0)
      framed.set(reply, 2)
      socket.write(framed)
      owes.end()
    }
    if (rest.length > 0) owes.begin()
    else owes.end()
    if (!socket.destroyed) socket.resume()
  }
  socket.on('drain', () => {
    owes.end()
    pump()
  })
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    socket.pause()
    if (rest.length > 2 * MAX_WAITING) return void socket.destroy()
    return pump()
  })
}

/** Ends the connection when the other side owes something for so long (ms). */
function deadline(socket: Socket, ms: number): { begin(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined
  const end = () => {
    clearTimeout(timer)
    timer = undefined
  }
  socket.on('close', end)
  return {
    begin: () => {
      timer ??= setTimeout(() => socket.destroy(), ms)
    },
    end,
  }
}
