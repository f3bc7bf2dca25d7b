// The IMAP gateway, as an entry of the list of doors: in front of another IMAP server, and always in the engine's thread, where the brake
// on guessing is.

import type { Door } from '../../wire/door.ts'
import type { ImapSettings } from './connection.ts'
import { type ImapListener, openImapDoor } from './server.ts'

type ImapConfig = {
  readonly imap?:
    | (Pick<ImapListener, 'backEnd' | 'sendFolders' | 'sentFolder'> & {
        readonly listeners: readonly (Pick<
          ImapListener,
          'address' | 'port' | 'trustedProxies' | 'realm'
        > & {
          /** `imap.listeners[].tls`, starttls by default, starttls or implicit. */
          readonly tls: 'starttls' | 'implicit'
        })[]
      })
    | undefined
  readonly hostname: string
  readonly domains: readonly string[]
  /** Bytes: `maxMessageSize`, 50000000 by default, 1 to 2000000000. */
  readonly maxMessageSize: number
  /** `maxRecipients`, 200 by default, 1 to 100000. */
  readonly maxRecipients: number
}

export const imap: Door<ImapConfig, ImapListener, ImapSettings> = {
  name: 'imap',
  reads: {
    imap: 'restart',
    hostname: 'restart',
    domains: 'restart',
    maxMessageSize: 'live',
    maxRecipients: 'live',
  },
  inThreads: () => false,
  listeners: ({ imap }, { sockets }) =>
    (imap?.listeners ?? []).map(({ tls, ...listener }, i): ImapListener => {
      const fd = sockets.get('imap')?.[i]
      const { backEnd, sendFolders, sentFolder } = imap as NonNullable<typeof imap>
      const complete = {
        ...listener,
        implicitTls: tls === 'implicit',
        backEnd,
        sendFolders,
        sentFolder,
      }
      return fd === undefined ? complete : { ...complete, fd }
    }),
  settings: config => ({
    ourName: config.hostname,
    domain: config.domains[0] ?? config.hostname,
    maxSize: config.maxMessageSize,
    maxRecipients: config.maxRecipients,
  }),
  called: () => 'IMAP gateway',
  status: ({ implicitTls, address }, port) =>
    `${implicitTls ? 'imaps' : 'imap'} on ${address} port ${port}`,
  open: openImapDoor,
}
