// Our certificates, replaceable while connections go on: a handshake takes whatever is current when it starts. A
// client that names the server it wants (SNI, RFC 6066) gets that name's certificate, every other client the first one.

import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext, type TLSSocketOptions } from 'node:tls'

/** A private key and a certificate with its chain, both PEM. */
export type Pem = { readonly key: string; readonly chain: string }

export type Identity = {
  /** What a handshake that begins now needs. */
  current(): Pick<TLSSocketOptions, 'secureContext' | 'SNICallback'>
  replace(certificates: readonly Pem[]): void
}

type Known = { readonly names: ReadonlySet<string>; readonly context: SecureContext }

/** The first certificate is for clients that name no host we know. Throws when a certificate cannot be used. */
export function tlsIdentity(certificates: readonly Pem[]): Identity {
  let known = certificates.map(knownBy)
  const choose = (name: string): SecureContext | undefined => {
    const asked = name.toLowerCase()
    // RFC 6125 §6.4.3: the star stands for one whole label.
    const starred = asked.replace(/^[^.]+/, '*')
    const exact = known.find(one => one.names.has(asked))
    return (exact ?? known.find(one => one.names.has(starred)) ?? known[0])?.context
  }
  return {
    current: () => ({
      ...(known[0] ? { secureContext: known[0].context } : {}),
      ...(known.length > 1 ? { SNICallback: (name, answer) => answer(null, choose(name)) } : {}),
    }),
    replace: next => {
      known = next.map(knownBy)
    },
  }
}

function knownBy({ key, chain }: Pem): Known {
  // RFC 8996: TLS 1.0 and 1.1 must not be used.
  const context = createSecureContext({ key, cert: chain, minVersion: 'TLSv1.2' })
  const alternatives = new X509Certificate(chain).subjectAltName ?? ''
  const names = [...alternatives.matchAll(/DNS:([^,\s]+)/g)].map(match =>
    (match[1] as string).toLowerCase(),
  )
  return { names: new Set(names), context }
}
