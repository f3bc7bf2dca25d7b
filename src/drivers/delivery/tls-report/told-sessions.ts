// Of each connection to a mail exchanger its domain is told once how TLS went. One that stays open takes mail of other domains with the same
// exchanger: each of them is told, too.

import type { TlsSession } from '../../../model/tls-session.ts'
import type { Hop } from '../hop.ts'
import { sessionOf, type TlsOutcome } from './session-of.ts'

export type TellSession = (session: TlsSession) => void

type ToldOutcome = { readonly outcome: TlsOutcome; readonly domains: Set<string> }

export class ToldSessions {
  readonly #tell: TellSession
  readonly #of = new WeakMap<object, ToldOutcome>()

  constructor(tell: TellSession) {
    this.#tell = tell
  }

  /** No connection came of it. */
  failed(hop: Hop, outcome: TlsOutcome): void {
    const session = sessionOf(hop, outcome)
    if (session) this.#tell(session)
  }

  /** `outcome`: what came of TLS when it was opened. */
  opened(connection: object, hop: Hop, outcome: TlsOutcome): void {
    this.#of.set(connection, { outcome, domains: new Set() })
    this.used(connection, hop)
  }

  /** It takes mail of this domain. */
  used(connection: object, hop: Hop): void {
    const told = this.#of.get(connection)
    const domain = hop.reported?.policy.domain
    if (!told || domain === undefined || told.domains.has(domain)) return
    told.domains.add(domain)
    this.failed(hop, told.outcome)
  }
}
