// Clients that say much and read nothing, and what that costs the server in this process: its sockets are seen as they come in.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Node's own read of a socket, at most, in bytes. */
export const READ = 64 * 1024
/** What one client may have in our memory: what is worked on, what waits for that, what was read before it was held back, and a little. */
export const AT_MOST = 4 * READ

export type Accepted = {
  /** Sockets of servers of this process, in the order in which they came. */
  readonly sockets: readonly Socket[]
  stop(): void
}

export function accepted(): Accepted {
  const sockets: Socket[] = []
  const hear = (message: unknown) => void sockets.push((message as { socket: Socket }).socket)
  subscribe('net.server.socket', hear)
  return { sockets, stop: () => unsubscribe('net.server.socket', hear) }
}

/** Looks until the number is the same ten times in a row, and tells it. */
export async function settled(count: () => number): Promise<number> {
  let [before, same] = [Number.NaN, 0]
  while (same < 10) {
    await pause(50)
    same = count() === before ? same + 1 : 0
    before = count()
  }
  return before
}
