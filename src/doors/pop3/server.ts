// Where the POP3 gateway listens.

import { backEndAddress } from '../../gateway/back-end-address.ts'
import { type GatewayListener, type GatewaySettings, openGateway } from '../../gateway/gateway.ts'
import type { DoorParts } from '../../wire/door.ts'
import type { OpenListener } from '../../wire/open-listener.ts'
import { Pop3Connection } from './connection.ts'

export type Pop3Listener = GatewayListener & {
  /** `pop3.sends`, true by default. */
  readonly sends: boolean
}

/** Starts to listen; resolves when it does. Port 0 takes any free one. */
export function openPop3Door(
  listener: Pop3Listener,
  parts: DoorParts<GatewaySettings>,
): Promise<OpenListener> {
  const { implicitTls, tokens, proxyHeader, sends } = listener
  const backEnd = { ...backEndAddress(listener.backEnd), proxyHeader }
  return openGateway(listener, parts, {
    noRoom: '-ERR [SYS/TEMP] Too many connections; try again later',
    begin: (socket, { client, parts, shared }) => {
      const given = { client, parts, shared, implicitTls, backEnd, tokens, sends }
      const connection = new Pop3Connection(socket, given)
      void connection.run()
      return connection
    },
  })
}
