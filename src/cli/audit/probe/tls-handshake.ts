// A TLS handshake, whatever the certificate: what it is, and whether a program would trust it.

import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { connect, type ConnectionOptions, rootCertificates, type TLSSocket } from 'node:tls'
import { wordsOf } from '../../../model/errors.ts'
import type { SeenTls, Tried } from '../record.ts'

/** ms */
const HANDSHAKE_WITHIN = 8000
/** More are sent by no server that is meant well. */
const MAX_CHAIN = 10

export type Handshake = { readonly tls: Tried<SeenTls>; readonly socket?: TLSSocket }
export type HandshakeFor = {
  /** Whose certificate it should be. */
  readonly host: string
  readonly authorities: readonly string[]
}

export async function handshake(
  socket: Socket,
  { host, authorities }: HandshakeFor,
  signal: AbortSignal,
): Promise<Handshake> {
  const ca = [...rootCertificates, ...authorities]
  const secured = await secure(
    socket,
    { servername: host, ...(authorities.length > 0 ? { ca } : {}) },
    signal,
  )
  if (!('socket' in secured)) return { tls: secured }
  return { tls: { value: seenOf(secured.socket, host) }, socket: secured.socket }
}

/** What the server takes of TLS 1.1 and older, on a connection of its own. */
export async function oldVersion(
  socket: Socket,
  { host }: Pick<HandshakeFor, 'host'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const secured = await secure(
    socket,
    { servername: host, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
    signal,
  )
  if ('unknown' in secured) throw new Error(secured.unknown)
  if ('broken' in secured) return undefined
  const protocol = secured.socket.getProtocol() ?? undefined
  secured.socket.destroy()
  return protocol
}

type Secured =
  | { readonly socket: TLSSocket }
  | { readonly unknown: string }
  | { readonly broken: string }

function secure(socket: Socket, options: ConnectionOptions, signal: AbortSignal): Promise<Secured> {
  return new Promise(resolve => {
    const secured = connect({ ...options, socket, rejectUnauthorized: false })
    const timer = setTimeout(
      () => give({ unknown: 'the TLS handshake is not answered' }),
      HANDSHAKE_WITHIN,
    )
    const give = (found: Secured) => {
      clearTimeout(timer)
      if (!('socket' in found)) {
        secured.destroy()
        socket.destroy()
      }
      resolve(found)
    }
    const broken = (words: string) =>
      give(signal.aborted ? { unknown: 'no time was left' } : { broken: words })
    secured
      .once('secureConnect', () => give({ socket: secured }))
      .on('error', error =>
        broken(
          wordsOf(error)
            .replace(/^[\dA-F]+:error:[\dA-F]+:/, '')
            .split(':')
            .slice(0, 3)
            .join(':')
            .trim(),
        ),
      )
      .once('close', () => broken('it broke off in the handshake'))
  })
}

function seenOf(socket: TLSSocket, host: string): SeenTls {
  const own = socket.getPeerX509Certificate()
  const chain: X509Certificate[] = []
  for (let one = own; one && chain.length < MAX_CHAIN; one = one.issuerCertificate) chain.push(one)
  const error = socket.authorizationError as unknown as string | undefined
  return {
    protocol: socket.getProtocol() ?? '',
    certificate: {
      chain: chain.map(({ raw }) => raw.toString('base64')),
      names: (own?.subjectAltName ?? own?.subject ?? '').slice(0, 200),
      isNamed: own?.checkHost(host) !== undefined,
      from: own?.validFromDate.getTime() ?? 0,
      until: own?.validToDate.getTime() ?? 0,
      ...(socket.authorized || error === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? {}
        : { distrusted: String(error) }),
    },
  }
}
