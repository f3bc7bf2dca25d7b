// What was saved of cases and decisions, one after the other, for code that acts on it: on every node (cut sessions, hold or release the
// own queue) or on one of them (letters, the network). Told at least once, when it is on disk; what is in force says `ports/cases.ts`.

import type { Decision } from '../model/decision.ts'
import { HOUR } from '../model/duration.ts'
import type { Incident } from '../model/incident.ts'

/** How far a reader has come. Only the store that gave it knows what it means; it may be kept on disk and used after a restart. */
export type Cursor = string

/** As it was saved: there may be newer ones. Decisions stand behind the case they were saved with. */
export type ChangedRow =
  | { readonly kind: 'case'; readonly incident: Incident }
  | { readonly kind: 'decision'; readonly decision: Decision }

export type ChangedPage = {
  /** In the order in which they were saved, CHANGES_AT_ONCE at most; empty when there is nothing new yet. */
  readonly rows: readonly ChangedRow[]
  /** From where to ask next. */
  readonly cursor: Cursor
}

/** Rows of one page at most. One save may be in two pages. */
export const CHANGES_AT_ONCE = 500
/** A change is kept so long, or until so many have followed it. A reader that comes later must look at everything anew. */
export const CHANGES_KEPT = 24 * HOUR
export const CHANGES_MOST = 100_000

export interface Changes {
  /**
   * What was saved behind the cursor. `resync`: not everything of that is kept, or the cursor is of another ledger or of none: take
   * `end()`, then look at everything that is open and in force, then go on from there.
   */
  since(cursor: Cursor): Promise<ChangedPage | 'resync'>
  /** Behind everything that is on disk now. */
  end(): Promise<Cursor>
  /** Calls when there may be something new; a hint, never relied on alone. Returns what stops it. */
  onChange(wake: () => void): () => void
  /** Forgets what is older than CHANGES_KEPT at that time, and what is more than CHANGES_MOST, some thousands in one go; how many. */
  forget(at: number): Promise<number>
}
