// The parts that a door for SMTP is given: the ports that it asks, and its settings.

import type { Engine } from '../../ports/engine.ts'
import type { Logins } from '../../ports/logins.ts'
import type { CommandTurns } from '../../wire/command-turns.ts'
import type { Caps } from '../../wire/connection-caps.ts'
import type { SessionTable } from '../../wire/session-table.ts'
import type { Identity } from '../../wire/tls-identity.ts'

export type DoorSettings = {
  readonly ourName: string
  /** The address that `<postmaster>` alone stands for. */
  readonly postmaster: string
  /** Bytes of one message; a larger one is refused (552 5.3.4): `maxMessageSize`, 50,000,000 by default, 1 to 2,000,000,000. */
  readonly maxSize: number
  /** Recipients of one message; the next is refused (452 4.5.3): `maxRecipients`, 200 by default, 1 to 100,000. */
  readonly maxRecipients: number
  /** SCRAM is offered: `passwords.scram`, false by default. */
  readonly scram: boolean
  /** ms until strangers are greeted: `strangers.greetPause`, 0s by default, 0s to 1m; 0: at once. */
  readonly greetPause: number
}

export type SmtpParts = {
  readonly engine: Engine
  readonly logins: Logins
  readonly sessions: SessionTable
  readonly identity: Identity | undefined
  readonly caps: Caps
  readonly turns: CommandTurns
  readonly now: () => number
  /** Milliseconds of a clock that never jumps; the system's. */
  readonly steady?: () => number
  readonly newSessionId: () => string
  /** The settings as they are now: a connection keeps those that it began with. */
  readonly settings: () => DoorSettings
  /** A problem inside, for the log. */
  readonly trouble: (error: unknown, about: string) => void
}
