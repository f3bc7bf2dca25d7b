// What every door is: an entry of the list in src/app/door-list.ts. It says what it reads of the configuration, where it then listens, and
// how one of these places is opened. Listeners and settings are plain JSON: where a door can be served by threads of its own, these get
// nothing else, and the same parts.

import type { Engine } from '../ports/engine.ts'
import type { Listed } from '../ports/listed.ts'
import type { Logins, LoginsElsewhere } from '../ports/logins.ts'
import type { CommandTurns } from './command-turns.ts'
import type { Caps } from './connection-caps.ts'
import type { Counted } from './sensor.ts'
import type { SessionTable } from './session-table.ts'
import type { Identity } from './tls-identity.ts'

/** What the program gives a door; each door takes what it needs of it. */
export type DoorParts<S> = {
  readonly engine: Engine
  readonly logins: Logins
  /** The brake for passwords that another server knows; not in door threads. */
  readonly loginsElsewhere?: LoginsElsewhere | undefined
  readonly caps: Caps
  /** One for all connections of a thread. */
  readonly turns: CommandTurns
  /** Live sessions, so that a stopped login is cut off. */
  readonly sessions: SessionTable
  readonly identity: Identity
  readonly now: () => number
  readonly newSessionId: () => string
  /** As they are now: a reload replaces them. */
  readonly settings: () => S
  /** What is listed of infected addresses; not in door threads, nor where the configuration has no list. */
  readonly listed?: Listed | undefined
  /** A problem inside, for the log. */
  readonly trouble: (error: unknown, about: string) => void
}

export type OpenDoor = {
  readonly port: number
  readonly counted?: Counted
  /** Takes no new connections; resolves when what is under way has ended, or after `graceMs`. */
  close(graceMs: number): Promise<unknown>
}

/** Where a door listens, beside what its configuration says. */
export type Where = {
  /** Sockets that listen already (systemd), by name. */
  readonly sockets: ReadonlyMap<string, readonly number[]>
  /** One of several threads on the same ports: its number, and the ports that the first one got. */
  readonly one?: { readonly thread: number; readonly ports: readonly number[] | undefined }
}

/** The keys of `C`: `restart` where a new value takes effect after a restart. */
type Reads<C> = { readonly [K in keyof C]-?: 'live' | 'restart' }

/** `C`: what it reads of the configuration, `L`: one place where it listens, `S`: what may change while it runs. */
export interface Door<C, L extends { readonly port: number }, S> {
  /** Short, in kebab case: as it is called in `Place`. */
  readonly name: string
  readonly reads: Reads<C>
  /** Its clients see the certificate of the configuration. */
  readonly showsCertificate?: true
  /** May be served by threads of its own (`doorThreads`): nothing but what `DoorParts` has is shared between its connections. */
  inThreads(listener: L): boolean
  /** None where the configuration names none. */
  listeners(config: C, where: Where): readonly L[]
  settings(config: C): S
  /** What one of its places is called where it cannot be opened, or does not close. */
  called(listener: L): string
  /** The line that says it listens; `port` is the one it got. */
  status(listener: L, port: number): string
  /** Resolves when it listens. Port 0 takes any free one. */
  open(listener: L, parts: DoorParts<S>): Promise<OpenDoor>
}
