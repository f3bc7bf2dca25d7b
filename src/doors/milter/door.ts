// The milter, as an entry of the list of doors.

import { sharedBy } from '../../wire/beside-listener.ts'
import type { Door } from '../../wire/door.ts'
import { type MilterListener, openMilterDoor } from './server.ts'

type Listener = Omit<MilterListener, 'maxSize'>
type Settings = Pick<MilterListener, 'maxSize'>
type Configured = {
  readonly milter?: Omit<Listener, 'domain'> | undefined
  readonly domains: readonly string[]
  readonly hostname: string
  readonly maxMessageSize: number
}

export const milter: Door<Configured, Listener, Settings> = {
  name: 'milter',
  reads: { milter: 'restart', domains: 'restart', hostname: 'restart', maxMessageSize: 'live' },
  inThreads: ({ socket }) => socket === undefined,
  listeners: ({ milter, domains, hostname }, where) =>
    milter ? [{ ...sharedBy(milter, where), domain: domains[0] ?? hostname }] : [],
  settings: ({ maxMessageSize }) => ({ maxSize: maxMessageSize }),
  called: () => 'milter',
  status: ({ socket }, port) => `milter on ${socket ?? `port ${port}`}`,
  open: (listener, parts) =>
    openMilterDoor(
      {
        ...listener,
        get maxSize() {
          return parts.settings().maxSize
        },
      },
      parts,
    ),
}
