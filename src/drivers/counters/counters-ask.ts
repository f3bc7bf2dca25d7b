// What the counters' thread is asked, and what it answers.

import type { StateRow } from './state-table.ts'

export type CountersAsk =
  /** Written in one transaction. */
  | { readonly rows: Float64Array<ArrayBuffer>; readonly states: readonly StateRow[] }
  | { readonly read: readonly string[] }
  /** States that were not changed since, and of the others those that were not changed for longest, until there are `most`. */
  | { readonly forget: number; readonly most: number }

/** Rows that were read; otherwise none. */
export type CountersAnswer = readonly StateRow[]
