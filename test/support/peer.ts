// A mail server of somebody else's, started by the test in a temporary folder: it takes mail for one domain and relays
// everything else.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:net'
import { eventually } from './serve.ts'

export type Peer = {
  readonly name: string
  readonly port: number
  /** Its first process; the others are its children. */
  readonly pid: number
  /** The domain it takes mail for. */
  readonly domain: string
  /** Every message in its mailbox. */
  taken(): string[]
  /** Its log file, where it keeps one. */
  readonly log?: string
  stop(): Promise<void>
}

export type PeerOptions = {
  /** Where mail for other domains goes, on loopback. */
  readonly relayPort: number
}

/** All messages of a Maildir, as they stand; none while it is not there. */
export function maildir(folder: string, part: 'new' | 'cur' = 'new'): string[] {
  try {
    return readdirSync(join(folder, part)).map(name =>
      readFileSync(join(folder, part, name), 'latin1'),
    )
  } catch {
    return []
  }
}

/** For minutes, if it must be: a real program may need one to start on a busy machine. */
export async function untilItListens(port: number, host = '127.0.0.1'): Promise<void> {
  await eventually(
    () =>
      new Promise<true | undefined>(resolve => {
        const socket = connect(port, host)
        socket.on('error', () => resolve(undefined))
        socket.on('connect', () => {
          socket.destroy()
          resolve(true)
        })
      }),
    180,
  )
}
