// A connection to one of the addresses of a host: the first that takes it.

import { Socket } from 'node:net'

/** ms */
const CONNECT_WITHIN = 5000
/** A host may have many addresses; those that do not answer take their time. */
const MAX_ADDRESSES = 3

export type Dialled =
  | { readonly socket: Socket; readonly address: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'unknown'; readonly words: string }

/** `closed` only where every address refuses: what does not answer may be there for others. The signal ends the connection, too. */
export async function dialled(
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Dialled> {
  let failed = addresses.length === 0 ? 'the host has no address' : undefined
  // IPv4 first: not every network has the other.
  const inOrder = addresses.toSorted((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
  for (const address of inOrder.slice(0, MAX_ADDRESSES)) {
    const reached = await reachedAt(address, port, signal)
    if (typeof reached !== 'string') return { socket: reached, address }
    if (reached !== 'ECONNREFUSED') failed ??= `${address}: ${WORDS[reached] ?? reached}`
  }
  return failed === undefined ? { kind: 'closed' } : { kind: 'unknown', words: failed }
}

/** Where this network has no IPv6, and the like. */
export const NO_WAY = 'no way there from here'

const WORDS: Readonly<Record<string, string>> = {
  timeout: `no connection within ${CONNECT_WITHIN / 1000} s`,
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  EADDRNOTAVAIL: NO_WAY,
  ETIMEDOUT: 'no connection',
  EACCES: 'forbidden on this machine',
  ABORT_ERR: 'no time was left',
}

function reachedAt(host: string, port: number, signal: AbortSignal): Promise<Socket | string> {
  return new Promise(resolve => {
    const socket = new Socket({ signal })
    const fail = (code: string) => {
      socket.destroy()
      resolve(code)
    }
    socket
      .setTimeout(CONNECT_WITHIN, () => fail('timeout'))
      // Stays: an error of a socket without a listener would end the program.
      .on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
      .once('connect', () => resolve(socket.setTimeout(0)))
      .connect(port, host)
  })
}
