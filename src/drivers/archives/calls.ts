// What goes between the engine's thread and the one that lists archives.

import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Unlisted } from '../../ports/archives.ts'

/** One message at a time. */
export type ListCall = { readonly archives: readonly AttachedArchive[] }

/** Comes several times: what was found before the thread is ended stays found. */
export type FoundNames = {
  readonly names: readonly string[]
  /** Of each of them the archive it is in; empty for one without a name. */
  readonly within: readonly string[]
  readonly encrypted: boolean
  readonly locked?: string | undefined
  readonly unlisted?: Unlisted
  /** The last of a message. */
  readonly done?: true
}

/** Names of all archives of one message; the rest of them is not listed. */
export const MAX_NAMES = 2000
