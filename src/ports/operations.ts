// What monitoring and `cordon status` ask.

import type { DecisionKind } from '../model/decision.ts'

/** How things stand, on one screen. */
export type ServerStatus = {
  readonly version: string
  /** The server's clock, ms since 1970. */
  readonly now: number
  /** ms since 1970. */
  readonly startedAt: number
  /** One sentence for each fault; empty when there is none. */
  readonly problems: readonly string[]
  /** By state; `recipients`: of one message several may wait. `since`: when the oldest came, ms. Undefined where the queue cannot be read. */
  readonly queue?: readonly {
    readonly state: string
    readonly recipients: number
    readonly since: number
  }[]
  /** How many decisions are in force. */
  readonly inForce: Readonly<Partial<Record<DecisionKind, number>>>
  /** Evidence only observes: nothing is held, stopped or isolated by it. */
  readonly observes?: true
  /** Open SMTP connections. */
  readonly connections: number
  /** Addresses and prefixes on our list; undefined where there is no list. */
  readonly listed?: number
  /** Access servers, exporters and logs that tell of the network, and what of them needs attention. */
  readonly tellers: number
  readonly worries: number
  /** The certificate that ends first; ms. */
  readonly certificate?: { readonly name: string; readonly to: number }
}

export interface Operations {
  /** All metrics in the Prometheus text format. Parts that cannot be read now are named, and the others are there. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
  /** One sentence for each fault; empty when there is none. */
  problems(): Promise<readonly string[]>
  status(): Promise<ServerStatus>
}
