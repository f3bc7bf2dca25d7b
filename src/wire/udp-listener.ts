// A UDP socket for a sensor: bound, with room for a burst; peers that may not speak are kept out.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { canonicalIp } from '../model/ip.ts'

export type UdpListener = {
  readonly port: number
  readonly socket: Socket
  close(): Promise<void>
}

export type UdpHeard = {
  readonly heard: (bytes: Buffer, peer: RemoteInfo, socket: Socket) => void
  /** A peer that may not speak did. */
  readonly stranger?: (peer: RemoteInfo) => void
  readonly trouble: (error: unknown) => void
}

/** Packets the kernel keeps while we are busy: a second's worth. */
const RECEIVE_BUFFER = 8 * 1024 * 1024

/** `sources`: peers that may speak; without it all peers may. Rejects when it cannot listen there. */
export async function listenUdp(
  {
    address,
    port,
    sources,
  }: { readonly address: string; readonly port: number; readonly sources?: readonly string[] },
  { heard, stranger, trouble }: UdpHeard,
): Promise<UdpListener> {
  const allowed = sources && new Set(sources.map(canonicalIp))
  const socket = createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER,
  })
  socket.on('message', (bytes, peer) => {
    if (allowed && !allowed.has(canonicalIp(peer.address))) stranger?.(peer)
    else heard(bytes, peer, socket)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', error => {
      socket.close()
      reject(error)
    })
    socket.bind(port, address, () => {
      socket.removeAllListeners('error')
      resolve()
    })
  })
  socket.on('error', trouble)
  return {
    port: socket.address().port,
    socket,
    close: () => new Promise(resolve => socket.close(() => resolve())),
  }
}
