// Requests to access servers over UDP (RFC 5176): one number and one packet for each, sent again as it was until there is an answer,
// and no more a second to one access server than it can bear.

import { createSocket, type Socket } from 'node:dgram'
import { canonicalIp } from '../../../model/ip.ts'
import {
  type Attribute,
  isAnswer,
  parseRadius,
  type RadiusPacket,
  signedRequest,
} from '../../../wire/radius.ts'

export type AccessServer = {
  /** The name or address by which accounting knows it. */
  readonly nas: string
  /** `radiusCoa[].servers[].address`, must be given. */
  readonly address: string
  /** `radiusCoa[].servers[].port`, 3799 by default, 1 to 65535. */
  readonly port: number
  readonly secret: string
}

export type CoaClient = {
  /** `code`: of the request. Resolves with its answer, yes or no; rejects when there is none. */
  ask(server: AccessServer, code: number, attributes: readonly Attribute[]): Promise<RadiusPacket>
  close(): void
}

/** Then it is sent again, as it was (RFC 5176 §2.3 leaves the times to us). */
const WAITS = [1000, 2000, 4000]
/** Waiting for a turn or an answer, all together. */
const MAX_WAITING = 50_000

type WaitingRequest = {
  readonly code: number
  readonly server: AccessServer
  readonly attributes: readonly Attribute[]
  readonly resolve: (answer: RadiusPacket) => void
  readonly reject: (error: Error) => void
}
type Sent = WaitingRequest & {
  readonly bytes: Uint8Array
  timer?: NodeJS.Timeout
  attempts: number
}
type ServerQueue = {
  readonly queue: WaitingRequest[]
  readonly sent: Map<number, Sent>
  next: number
  busy: boolean
  pause?: NodeJS.Timeout
}

export type CoaSettings = {
  /** Requests a second to one access server: `radiusCoa[].perSecond`, 20 by default, 1 to 1000. */
  readonly perSecond: number
  /** `radiusCoa[].messageAuthenticator`, true by default; some access servers know none in these requests, and refuse them. */
  readonly messageAuthenticator: boolean
}

export function coaClient({ perSecond, messageAuthenticator }: CoaSettings): CoaClient {
  const lines = new Map<string, ServerQueue>()
  const sockets: Partial<Record<'udp4' | 'udp6', Socket>> = {}
  let waiting = 0
  let closed = false

  const socketFor = (address: string): Socket => {
    const type = address.includes(':') ? 'udp6' : 'udp4'
    const known = sockets[type]
    if (known) return known
    const socket = createSocket(type)
    socket.on('error', () => undefined)
    socket.on('message', (bytes, peer) => hear(bytes, `${canonicalIp(peer.address)} ${peer.port}`))
    socket.unref()
    sockets[type] = socket
    return socket
  }
  const hear = (bytes: Uint8Array, from: string) => {
    const sent = lines.get(from)?.sent.get(bytes[1] ?? -1)
    const answer = sent && parseRadius(bytes)
    if (!sent || !answer || !isAnswer(bytes, sent.bytes, sent.server.secret)) return
    lines.get(from)?.sent.delete(answer.id)
    clearTimeout(sent.timer)
    waiting--
    sent.resolve(answer)
  }
  const send = (line: ServerQueue, sent: Sent, id: number) => {
    const { address, port } = sent.server
    socketFor(address).send(sent.bytes, port, address, () => undefined)
    const wait = WAITS[sent.attempts]
    sent.attempts++
    sent.timer = setTimeout(() => {
      if (sent.attempts < WAITS.length) return send(line, sent, id)
      line.sent.delete(id)
      waiting--
      return sent.reject(new Error(`no answer from ${address} port ${port}`))
    }, wait)
  }
  const next = (line: ServerQueue) => {
    line.busy = line.queue.length > 0
    if (!line.busy) return
    line.pause = setTimeout(() => next(line), 1000 / perSecond)
    // Numbers are used in turn, so that a late answer meets no other request.
    let id = line.next
    for (let i = 0; i < 256 && line.sent.has(id); i++) id = (id + 1) & 255
    const asked = line.sent.has(id) ? undefined : line.queue.shift()
    if (!asked) return
    line.next = (id + 1) & 255
    const packet = { code: asked.code, id, attributes: asked.attributes }
    const bytes = signedRequest(packet, asked.server.secret, { hmac: messageAuthenticator })
    const sent: Sent = { ...asked, bytes, attempts: 0 }
    line.sent.set(id, sent)
    send(line, sent, id)
  }
  return {
    ask: (server, code, attributes) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('closed'))
        if (waiting >= MAX_WAITING) return reject(new Error('too many requests wait'))
        waiting++
        const key = `${canonicalIp(server.address)} ${server.port}`
        const fresh: ServerQueue = { queue: [], sent: new Map(), next: 0, busy: false }
        const line = lines.get(key) ?? fresh
        lines.set(key, line)
        line.queue.push({ server, code, attributes, resolve, reject })
        // The first of a burst goes at once.
        if (!line.busy) next(line)
        return undefined
      }),
    close: () => {
      closed = true
      for (const line of lines.values()) {
        clearTimeout(line.pause)
        for (const { timer, reject } of line.sent.values()) {
          clearTimeout(timer)
          reject(new Error('closed'))
        }
        for (const { reject } of line.queue.splice(0)) reject(new Error('closed'))
      }
      for (const socket of Object.values(sockets)) socket.close()
    },
  }
}
