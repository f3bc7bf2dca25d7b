// The IMAP gateway, as an entry of the list of doors: in front of another IMAP server, and always in the engine's thread, where the brake
// on guessing is.

import {
  GATEWAY_READS,
  gatewayListeners,
  type GatewaySettings,
  gatewaySettings,
} from '../../gateway/gateway.ts'
import type { Door } from '../../wire/door.ts'
import { type ImapListener, openImapDoor } from './server.ts'

type ImapConfig = {
  readonly imap?:
    | (Pick<ImapListener, 'backEnd' | 'proxyHeader' | 'tokens' | 'sendFolders' | 'sentFolder'> & {
        readonly listeners: Parameters<typeof gatewayListeners>[0]
      })
    | undefined
} & Parameters<typeof gatewaySettings>[0]

export const imap: Door<ImapConfig, ImapListener, GatewaySettings> = {
  name: 'imap',
  showsCertificate: true,
  reads: { imap: 'restart', ...GATEWAY_READS },
  inThreads: () => false,
  listeners: ({ imap }, { sockets }) => {
    if (!imap) return []
    const { listeners, backEnd, proxyHeader, tokens, sendFolders, sentFolder } = imap
    return gatewayListeners(listeners, sockets.get('imap')).map(
      (one): ImapListener => ({ ...one, backEnd, proxyHeader, tokens, sendFolders, sentFolder }),
    )
  },
  settings: gatewaySettings,
  called: () => 'IMAP gateway',
  status: ({ implicitTls, address }, port) =>
    `${implicitTls ? 'imaps' : 'imap'} on ${address} port ${port}`,
  open: openImapDoor,
}
