// What the configuration says of listeners, made complete: defaults by kind, and the sockets that systemd or the
// other door threads have.

import type { ListenerKind } from '../../model/step.ts'
import type { SmtpListener } from './server.ts'

export type ConfiguredListener = {
  /** `listeners[].kind`, must be given, submission, trusted-network, inbound or redirected. */
  readonly kind: ListenerKind
  /** `listeners[].name`, none by default. */
  readonly name?: string | undefined
  /** `listeners[].address`, 127.0.0.1 by default. */
  readonly address: string
  /** `listeners[].port`, must be given, 0 to 65535. */
  readonly port: number
  /** `listeners[].tls`, starttls by default, starttls or implicit. */
  readonly tls: 'starttls' | 'implicit'
  /** Proxies whose PROXY header is trusted, and must be sent: `listeners[].trustedProxies`, nothing by default; none when empty. */
  readonly trustedProxies: readonly string[]
  /** Servers that may send XCLIENT: `listeners[].trustedXclient`, nothing by default; none when empty. */
  readonly trustedXclient: readonly string[]
  /** `listeners[].bareNewlines`, none by default, reject or normalize; without it inbound rejects, the others normalize. */
  readonly bareNewlines?: 'reject' | 'normalize' | undefined
  /** `listeners[].realm`, main by default. */
  readonly realm: string
}

/** One of several threads: its number, and the ports that the first one got. */
type Thread = { readonly thread: number; readonly ports: readonly number[] | undefined }

/**
 * `sockets` listen already, by the name or kind of their listener. Several of one name are for several listeners, or for
 * the several threads of one (a socket unit with ReusePort=yes); a further thread for which there is none does without.
 */
export function listenersOf(
  { listeners }: { readonly listeners: readonly ConfiguredListener[] },
  sockets: ReadonlyMap<string, readonly number[]> = new Map(),
  one?: Thread,
): SmtpListener[] {
  const rank = new Map<string, number>()
  return listeners.flatMap((listener, i): SmtpListener[] => {
    const name = listener.name ?? listener.kind
    const before = rank.get(name) ?? 0
    rank.set(name, before + 1)
    const sharing = listeners.filter(other => (other.name ?? other.kind) === name).length
    const fd = sockets.get(name)?.[(one?.thread ?? 0) * sharing + before]
    if (fd === undefined && sockets.has(name) && one !== undefined && one.thread > 0) return []
    const complete = {
      kind: listener.kind,
      address: listener.address,
      port: one?.ports?.[i] ?? listener.port,
      implicitTls: listener.tls === 'implicit',
      trustedProxies: listener.trustedProxies,
      trustedXclient: listener.trustedXclient,
      bareNewlines: listener.bareNewlines ?? usual(listener.kind),
      realm: listener.realm,
      shared: one !== undefined,
    }
    return [fd === undefined ? complete : { ...complete, fd }]
  })
}

/** Mail from outside is not repaired: its signature would break. */
const usual = (kind: ListenerKind) => (kind === 'inbound' ? 'reject' : 'normalize')
