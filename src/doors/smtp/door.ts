// SMTP, as an entry of the list of doors: submission, networks that are trusted, mail from outside, and where port 25 is redirected.

import type { Door } from '../../wire/door.ts'
import { type ConfiguredListener, listenersOf } from './listeners.ts'
import { openSmtpDoor, type SmtpListener } from './server.ts'
import type { DoorSettings } from './smtp-parts.ts'

type SmtpConfig = {
  readonly listeners: readonly ConfiguredListener[]
  readonly hostname: string
  readonly domains: readonly string[]
  readonly maxMessageSize: number
  readonly maxRecipients: number
  readonly passwords: { readonly scram: boolean }
  readonly strangers: { readonly greetPause: number }
}

export const smtp: Door<SmtpConfig, SmtpListener, DoorSettings> = {
  name: 'smtp',
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
