// What the index's thread is asked, and what it answers.

import type { FileState, JournalPiece } from './index-file.ts'
import type { Block } from './journal-part.ts'

export type IndexAsk =
  /** Put down in one transaction. */
  | { readonly add: readonly Block[] }
  | { readonly drop: string }
  /** Files that are not written to any more: what is not in the index of them is read now, one after the other. */
  | { readonly catchUp: { readonly folder: string; readonly files: readonly string[] } }
  | { readonly find: string; readonly oldest: string }

/** What was found; otherwise nothing. */
export type IndexAnswer = {
  readonly places: readonly JournalPiece[]
  readonly files: readonly FileState[]
}
