// Our certificate, replaceable while connections go on: a handshake takes whatever is current when it starts.

import { createSecureContext, type SecureContext } from 'node:tls'

export type Identity = { current(): SecureContext; replace(key: string, certificate: string): void }

export function tlsIdentity(key: string, certificate: string): Identity {
  // RFC 8996: TLS 1.0 and 1.1 must not be used.
  const make = (k: string, c: string) =>
    createSecureContext({ key: k, cert: c, minVersion: 'TLSv1.2' })
  let context = make(key, certificate)
  return {
    current: () => context,
    replace: (k, c) => {
      context = make(k, c)
    },
  }
}
