// A server of the configuration as a hop: what is not said is chosen so that a password never goes to a stranger.

import type { Hop } from './hop.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'

export type HopSettings = {
  /** `routes.NAME.host`, must be given. */
  readonly host: string
  /** TCP: `routes.NAME.port`, 25 by default, 1 to 65535, as of `mailboxStore.port`; not used with `socket`. */
  readonly port: number
  /** `routes.NAME.protocol`, smtp by default, smtp or lmtp. */
  readonly protocol: 'smtp' | 'lmtp'
  /** `mailboxStore.socket`, none by default. */
  readonly socket?: string | undefined
  /** `routes.NAME.tls`, none by default, opportunistic, required or verified. */
  readonly tls?: Hop['tls'] | undefined
  /** PEM file of what is trusted instead of the system's authorities: `routes.NAME.certificate`, none by default. */
  readonly certificate?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
}

/** Throws when the certificate file cannot be read. */
export function hopOf(settings: HopSettings): Hop {
  const { host, port, protocol, socket, user, password } = settings
  return {
    host,
    port,
    protocol,
    tls: settings.tls ?? (user === undefined ? 'opportunistic' : 'verified'),
    ...(socket === undefined ? {} : { socket }),
    ...(settings.certificate === undefined
      ? {}
      : { ca: wholeFileNow(settings.certificate).bytes.toString('utf8') }),
    ...(user === undefined ? {} : { login: { user, password: password ?? '' } }),
  }
}
