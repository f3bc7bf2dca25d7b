// Waits for the PROXY header on a fresh connection and leaves everything after it unread.

import type { Socket } from 'node:net'
import { type ProxyHeader, parseProxyHeader } from './proxy-header.ts'

/** A relay that takes longer to name its client is broken. */
const PATIENCE = 5000

/** Resolves with the header; the socket is paused, its remaining bytes pushed back. */
export function readProxyHeader(socket: Socket): Promise<Exclude<ProxyHeader, { kind: 'more' }>> {
  return new Promise(resolve => {
    let seen = Buffer.alloc(0)
    const end = (header: Exclude<ProxyHeader, { kind: 'more' }>) => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onClose).off('close', onClose).pause()
      if (header.kind === 'ok' && seen.length > header.length)
        socket.unshift(seen.subarray(header.length))
      resolve(header)
    }
    const onData = (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk])
      const header = parseProxyHeader(seen)
      if (header.kind !== 'more') end(header)
    }
    const onClose = () => end({ kind: 'bad', why: 'closed before the PROXY header' })
    const timer = setTimeout(() => end({ kind: 'bad', why: 'no PROXY header in time' }), PATIENCE)
    socket.on('data', onData).on('end', onClose).on('close', onClose).resume()
  })
}
