// What was ordered, by which actor, and what came of it. Nothing is ever changed here, except that the outcome of an order is added later.

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

export type AuditFilter = {
  /** Given then or later. */
  readonly since?: number
  /** The actor, as a row says it: `staff eve`. */
  readonly actor?: string
  readonly order?: string
}

/** What came of an order that was begun, until it is known: Cordon was ended in the middle of it, or could not write any more. */
export const BEGUN = 'Given; what came of it is not written down.'

export interface Audit {
  /** Before anything is done: what cannot be written down is not done. Resolves when it is on disk. */
  begin(given: Audited): Promise<void>
  /** What came of it. Resolves when it is on disk. */
  end(given: Audited, outcome: OrderOutcome): Promise<void>
  /** Both at once, for what was done elsewhere. Resolves when it is on disk. */
  add(given: Audited, outcome: OrderOutcome): Promise<void>
  /** The newest first; `before`: only those with a lower number. */
  list(limit: number, before?: number, filter?: AuditFilter): Promise<readonly AuditRow[]>
}
