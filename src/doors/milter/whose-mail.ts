// What a mail server's word of login and client says of whose mail it is.

import { isLoopback } from '../../model/ip.ts'
import type { Client, ListenerKind } from '../../model/step.ts'

type Outsiders = {
  /** The listener kind of clients without a login. */
  readonly listener: ListenerKind
  readonly isOwn?: (address: string) => boolean
}

export function listenerOf(
  login: string | undefined,
  address: string,
  { isOwn, listener }: Outsiders,
): ListenerKind {
  if (login !== undefined) return 'submission'
  return isOwn?.(address) ? 'trusted-network' : listener
}

/** Of what local programs hand in by `sendmail` Postfix says that it comes from localhost, port 0. */
export const isHandedIn = (login: string | undefined, { address, port }: Client): boolean =>
  login === undefined && port === 0 && isLoopback(address)

type Hosts = {
  readonly realm: string
  readonly isOwn?: (address: string) => boolean
  readonly isWebmail?: (address: string) => boolean
}

export function clientAt(
  { realm, isOwn, isWebmail }: Hosts,
  address: string,
  port: number,
): Client {
  const isCrowd = isWebmail?.(address) || isOwn?.(address)
  return { realm, address, port, ...(isCrowd ? { crowd: true } : {}) }
}
