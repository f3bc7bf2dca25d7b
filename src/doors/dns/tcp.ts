// DNS over TCP (RFC 7766): two octets of length, then the message; several may come at once and are answered in their order. A client that
// says nothing for ten seconds, or does not read, is cut off; one address has so many connections, and all together so many.

import { createServer, type Server, type Socket } from 'node:net'

/** RFC 7766 §6.2.3: some seconds. In ms. */
const IDLE = 10_000
const MOST = 512
const MOST_OF_ONE = 16
/** Answered in one turn of the loop: others wait meanwhile. */
const IN_ONE_TURN = 50
/** The longest message and its length. */
const MAX_WAITING = 65_537

export type TcpAnswers = (asked: Uint8Array, address: string) => Uint8Array | undefined

export type TcpServer = { readonly server: Server; close(): Promise<void> }

export function tcpServer(answer: TcpAnswers): TcpServer {
  const open = new Set<Socket>()
  const perAddress = new Map<string, number>()
  const server = createServer(socket => {
    const address = socket.remoteAddress ?? ''
    const mine = perAddress.get(address) ?? 0
    socket.on('error', () => socket.destroy())
    if (open.size >= MOST || mine >= MOST_OF_ONE) return void socket.destroy()
    open.add(socket)
    perAddress.set(address, mine + 1)
    socket.on('close', () => {
      open.delete(socket)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left === 0) perAddress.delete(address)
      else perAddress.set(address, left)
    })
    socket.setTimeout(IDLE, () => socket.destroy())
    return converse(socket, asked => answer(asked, address))
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

function converse(socket: Socket, answer: (asked: Uint8Array) => Uint8Array | undefined): void {
  let rest: Buffer = Buffer.alloc(0)
  const pump = () => {
    let said = 0
    while (!socket.destroyed && rest.length >= 2) {
      const length = rest.readUInt16BE(0)
      if (length === 0) return void socket.destroy()
      if (rest.length < length + 2) break
      if (socket.writableNeedDrain) return
      if (said++ >= IN_ONE_TURN) {
        setImmediate(pump)
        return
      }
      const message = rest.subarray(2, length + 2)
      rest = rest.subarray(length + 2)
      const reply = answer(message)
      // What is no question on a connection of questions is no client.
      if (!reply) return void socket.destroy()
      const framed = Buffer.allocUnsafe(reply.length + 2)
      framed.writeUInt16BE(reply.length, 0)
      framed.set(reply, 2)
      socket.write(framed)
    }
    if (!socket.destroyed) socket.resume()
  }
  socket.on('drain', pump)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    socket.pause()
    if (rest.length > 2 * MAX_WAITING) return void socket.destroy()
    return pump()
  })
}
