// The milter, as an entry of the list of doors.

import { SECOND } from '../../model/duration.ts'
import { heldOpen } from '../../wire/beside-listener.ts'
import type { Door } from '../../wire/door.ts'
import { type MilterListener, openMilterDoor } from './server.ts'

type Listener = Omit<MilterListener, 'maxSize'>
type Settings = Pick<MilterListener, 'maxSize'>
type MilterConfig = {
  readonly milter?: Omit<Listener, 'domain'> | undefined
  readonly domains: readonly string[]
  /** `hostname`, localhost by default. */
  readonly hostname: string
  /** Bytes: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxMessageSize: number
}

/**
 * A mail server has one connection for each session of its clients: one that is cut costs that client its session (454 to STARTTLS). New
 * ones wait meanwhile where systemd holds the port, for 30 s less our start: hence no longer. In ms.
 */
const LINGER = 5 * SECOND

export const milter: Door<MilterConfig, Listener, Settings> = {
  name: 'milter',
  reads: { milter: 'restart', domains: 'restart', hostname: 'restart', maxMessageSize: 'live' },
  inThreads: ({ socket }) => socket === undefined,
  listeners: ({ milter, domains, hostname }, where) =>
    milter ? heldOpen({ ...milter, domain: domains[0] ?? hostname }, 'milter', where) : [],
  settings: ({ maxMessageSize }) => ({ maxSize: maxMessageSize }),
  called: () => 'milter',
  status: ({ socket }, port) => `milter on ${socket ?? `port ${port}`}`,
  open: async (listener, parts) => {
    const opened = await openMilterDoor(
      {
        ...listener,
        get maxSize() {
          return parts.settings().maxSize
        },
      },
      parts,
    )
    return { port: opened.port, close: graceMs => opened.drain(Math.min(graceMs, LINGER)) }
  },
}
