// Where the IMAP gateway listens.

import { backEndAddress } from '../../gateway/back-end-address.ts'
import { type GatewayListener, type GatewaySettings, openGateway } from '../../gateway/gateway.ts'
import type { DoorParts } from '../../wire/door.ts'
import type { OpenListener } from '../../wire/open-listener.ts'
import { Connection } from './connection.ts'

export type ImapListener = GatewayListener & {
  /** `imap.sendFolders`, nothing by default; when empty nothing is sent. */
  readonly sendFolders: readonly string[]
  /** `imap.sentFolder`, Sent by default. */
  readonly sentFolder: string
}

/** Starts to listen; resolves when it does. Port 0 takes any free one. */
export function openImapDoor(
  listener: ImapListener,
  parts: DoorParts<GatewaySettings>,
): Promise<OpenListener> {
  const { implicitTls, tokens, proxyHeader, sendFolders, sentFolder } = listener
  const backEnd = { ...backEndAddress(listener.backEnd), proxyHeader }
  return openGateway(listener, parts, {
    noRoom: '* BYE [UNAVAILABLE] Too many connections; try again later',
    begin: (socket, { client, parts, shared }) => {
      const given = { client, parts, shared, implicitTls, backEnd, tokens, sendFolders, sentFolder }
      const connection = new Connection(socket, given)
      void connection.run()
      return connection
    },
  })
}
