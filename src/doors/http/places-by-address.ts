// How many connections one address has at a door. When all are taken, the one that has been idle or unfinished for longest makes
// room for the next, so that a client that holds them does not keep out a neighbour behind the same address.

import type { Socket } from 'node:net'
import { canonicalIp, sourceOf } from '../../model/ip.ts'

/** A browser opens six; behind one address there may be several people. */
const MOST = 50
/** Never limited: proxies and scripts of this machine. */
const LOOPBACK = ['127.0.0.1', '::1']

export type PlacesByAddress = {
  readonly most?: number
  /** Addresses of proxies, which all clients share; in canonical form. */
  readonly exempt: readonly string[]
  readonly isAnswering: (socket: Socket) => boolean
}

/** Returns what to call with each new connection: it ends that connection, or an older one of the address, when there are too many. */
export function placesByAddress({
  most = MOST,
  exempt,
  isAnswering,
}: PlacesByAddress): (socket: Socket) => void {
  const free = new Set([...LOOPBACK, ...exempt])
  /** Open sockets by source, oldest first; bounded by the door's connections. */
  const bySource = new Map<string, Set<Socket>>()
  return socket => {
    const address = canonicalIp(socket.remoteAddress ?? '')
    if (address === undefined || free.has(address)) return
    const source = sourceOf(address)
    const mine = bySource.get(source) ?? new Set()
    if (mine.size >= most) {
      const [leaves = socket] = [...mine].filter(one => !isAnswering(one))
      leaves.destroy()
      if (leaves === socket) return
      mine.delete(leaves)
    }
    bySource.set(source, mine.add(socket))
    socket.once('close', () => {
      mine.delete(socket)
      if (mine.size === 0 && bySource.get(source) === mine) bySource.delete(source)
    })
  }
}
