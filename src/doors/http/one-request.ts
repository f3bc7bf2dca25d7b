// Gives Node's parser no more than one request of a connection at a time, and of its content no more than it says. A client may send many
// at once (RFC 9112 §9.3.2), and Node would make a request and a response of each of the 2,400 in 64 KB, in one turn of the loop, also
// on a connection that is destroyed at the second. None that people use does it: what follows a request before its answer ends the
// connection, unread.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Content } from './content.ts'
import { HeaderEnd } from './header-end.ts'
import { leave } from './leave.ts'
import { lengthOf, refusalOf } from './refusal.ts'

/** Line ends before a request that do not belong to it: one, which some clients send behind a content (RFC 9112 §2.2). */
const SPARE = 2

type Take = (request: IncomingMessage, response: ServerResponse) => void

type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The client may ask again on this connection. */
  readonly again: boolean
}

/** Of a server that makes a request of everything, also of what names no host. Returns whether one of a connection is read or answered. */
export function oneRequestAtATime(server: Server, take: Take): (socket: Socket) => boolean {
  const current = new WeakMap<Socket, Exchange>()
  const begin = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { socket } = request
    // Node's parser takes anything behind a request for another protocol.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    const again = response.shouldKeepAlive
    current.set(socket, { request, response, again })
    response.once('close', () => current.delete(socket))
    // An answer that does not wait for the content says that the connection ends.
    if (lengthOf(request) > 0) response.shouldKeepAlive = false
    const refused = refusalOf(request)
    if (refused !== undefined) leave(socket, refused)
    return refused === undefined
  }
  const taken: Take = (request, response) => {
    if (begin(request, response)) take(request, response)
  }
  server.on('request', taken)
  server.on('checkExpectation', taken)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!begin(request, response)) return
    response.writeContinue()
    take(request, response)
  })
  server.on('connection', (socket: Socket) => {
    // So Node ends a connection after an answer that says so.
    socket.destroySoon = () => leave(socket)
    feed(socket, () => current.get(socket))
  })
  return socket => current.has(socket)
}

/** `current`: what is being read or answered. */
function feed(socket: Socket, current: () => Exchange | undefined): void {
  const parsers = socket.listeners('data')
  const give = (piece: Buffer) => {
    for (const parse of parsers) parse.call(socket, piece)
  }
  let header: HeaderEnd | undefined
  let content = new Content(0)
  let spare = SPARE
  const takeContent = (bytes: Buffer): Buffer => {
    const rest = content.take(bytes, give)
    const asked = current()
    if (content.left === 0 && asked) asked.response.shouldKeepAlive = asked.again
    return rest
  }
  const takeHeader = (bytes: Buffer): Buffer => {
    header ??= new HeaderEnd()
    const size = header.sizeIn(bytes)
    give(bytes.subarray(0, size))
    if (header.isTooLong) return end(socket)
    if (header.over) {
      const asked = current()
      if (!asked) return end(socket)
      header = undefined
      content = new Content(lengthOf(asked.request))
      spare = SPARE
    }
    return bytes.subarray(size)
  }
  /** Takes some of the bytes, and returns the others. */
  const takeSome = (bytes: Buffer): Buffer => {
    if (content.left > 0) return takeContent(bytes)
    if (!header && isLineEnd(bytes[0])) return spare-- > 0 ? bytes.subarray(1) : end(socket)
    return current() ? end(socket) : takeHeader(bytes)
  }
  // To listen takes the socket away from the parser, which reads by itself otherwise.
  const read = (data: Buffer) => {
    let rest = data
    while (rest.length > 0 && !socket.destroyed && socket.listeners('data').includes(read))
      rest = takeSome(rest)
  }
  socket.on('data', read)
  for (const parse of parsers) socket.off('data', parse as (data: Buffer) => void)
}

function end(socket: Socket): Buffer {
  socket.destroy()
  return Buffer.alloc(0)
}

const isLineEnd = (byte: number | undefined) => byte === 0x0d || byte === 0x0a
