// SMTP, as an entry of the list of doors: submission, networks that are trusted, mail from outside, and where port 25 is redirected.

import type { Door } from '../../wire/door.ts'
import { type ConfiguredListener, listenersOf } from './listeners.ts'
import { openSmtpDoor, type SmtpListener } from './server.ts'
import type { DoorSettings } from './smtp-parts.ts'

type SmtpConfig = {
  readonly listeners: readonly ConfiguredListener[]
  /** `hostname`, localhost by default. */
  readonly hostname: string
  readonly domains: readonly string[]
  /** Bytes: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxMessageSize: number
  /** `maxRecipients`, 200 by default, 1 to 100000. */
  readonly maxRecipients: number
  readonly passwords: {
    /** `passwords.scram`, false by default. */
    readonly scram: boolean
  }
  readonly strangers: {
    /** ms: `strangers.greetPause`, 0s by default, 0s to 1m; 0: none. */
    readonly greetPause: number
  }
}

export const smtp: Door<SmtpConfig, SmtpListener, DoorSettings> = {
  name: 'smtp',
  showsCertificate: true,
  reads: {
    listeners: 'restart',
    hostname: 'restart',
    domains: 'restart',
    maxMessageSize: 'live',
    maxRecipients: 'live',
    passwords: 'live',
    strangers: 'live',
  },
  inThreads: () => true,
  listeners: ({ listeners }, { sockets, one }) => listenersOf({ listeners }, sockets, one),
  settings: config => ({
    ourName: config.hostname,
    postmaster: `postmaster@${config.domains[0] ?? config.hostname}`,
    maxSize: config.maxMessageSize,
    maxRecipients: config.maxRecipients,
    scram: config.passwords.scram,
    greetPause: config.strangers.greetPause,
  }),
  called: ({ kind }) => `${kind} listener`,
  status: ({ kind, address }, port) => `${kind} on ${address} port ${port}`,
  open: openSmtpDoor,
}
