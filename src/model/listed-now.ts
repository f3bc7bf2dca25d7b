// One entry of our list, as people and files are told it.

import type { ListClass } from './list-code.ts'

export type ListedNow = {
  readonly prefix: string
  readonly as: ListClass
  /** Last octet of the answer. */
  readonly code: number
  /** ms. */
  readonly since: number
  /** Its name at the end of the address of its page. */
  readonly entry: string
}

export type ListSnapshot = {
  readonly serial: number
  /** In no order. */
  readonly entries: () => Iterable<ListedNow>
  /** Prefixes in those of the entries that are not listed. */
  readonly spared: readonly string[]
  readonly domains: readonly string[]
  /** Ranges of consumers, and prefixes in them that may have mail servers. */
  readonly consumers: readonly string[]
  readonly exempt: readonly string[]
}
