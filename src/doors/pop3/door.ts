// The POP3 gateway, as an entry of the list of doors: in front of another POP3 server, and always in the engine's thread, where the brake on
// guessing is.

import {
  GATEWAY_READS,
  gatewayListeners,
  type GatewaySettings,
  gatewaySettings,
} from '../../gateway/gateway.ts'
import type { Door } from '../../wire/door.ts'
import { openPop3Door, type Pop3Listener } from './server.ts'

type Pop3Config = {
  readonly pop3?:
    | (Pick<Pop3Listener, 'backEnd' | 'proxyHeader' | 'tokens' | 'sends'> & {
        readonly listeners: Parameters<typeof gatewayListeners>[0]
      })
    | undefined
} & Parameters<typeof gatewaySettings>[0]

export const pop3: Door<Pop3Config, Pop3Listener, GatewaySettings> = {
  name: 'pop3',
  showsCertificate: true,
  reads: { pop3: 'restart', ...GATEWAY_READS },
  inThreads: () => false,
  listeners: ({ pop3 }, { sockets }) => {
    if (!pop3) return []
    const { listeners, backEnd, proxyHeader, tokens, sends } = pop3
    return gatewayListeners(listeners, sockets.get('pop3')).map(
      (one): Pop3Listener => ({ ...one, backEnd, proxyHeader, tokens, sends }),
    )
  },
  settings: gatewaySettings,
  called: () => 'POP3 gateway',
  status: ({ implicitTls, address }, port) =>
    `${implicitTls ? 'pop3s' : 'pop3'} on ${address} port ${port}`,
  open: openPop3Door,
}
