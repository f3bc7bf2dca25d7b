// Who ordered what, and what came of it. Nothing is ever changed here.

import type { GivenOrder, OrderOutcome } from '../model/order.ts'

export type AuditRow = {
  /** They are numbered as they were given. */
  readonly n: number
  readonly at: number
  readonly actor: string
  readonly order: string
  readonly target: string
  readonly text: string
}

/** An order to the engine, or to the program around it (a reload). */
export type Audited = Omit<GivenOrder, 'order'> & { readonly order: { readonly kind: string } }

export interface Audit {
  /** Resolves when it is on disk. */
  add(given: Audited, outcome: OrderOutcome): Promise<void>
  /** The newest first; `before`: only those with a lower number. */
  list(limit: number, before?: number): Promise<readonly AuditRow[]>
}
