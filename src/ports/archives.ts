// Lists what is in attached archives. Never in the engine's thread: an archive of a megabyte can take seconds.

import type { AttachedArchive } from '../model/attached-archive.ts'
import type { Unreadable } from '../model/message.ts'
import type { ReadingTurn } from './readings.ts'

/** Why not everything could be listed, and in words, which stand in the log and on the page behind a refusal. */
export type Unlisted = {
  readonly [what in Extract<Unreadable, 'archive' | 'large-archive' | 'quoted' | 'busy'>]?: string
}

export type ArchiveListing = {
  /** Of files, those of archives in archives included; folders have none. Each once. */
  readonly names: readonly string[]
  /** The content, or even the names, of some files cannot be seen without a password. */
  readonly encrypted: boolean
  /** Of each name the archive it is in, as `inner.zip in outer.zip`; absent where no archive has a name. */
  readonly within?: readonly string[]
  /** Of what is encrypted the first file, with its archive; only the archive where the names are encrypted, too. */
  readonly locked?: string
  /** Absent when everything was. */
  readonly unlisted?: Unlisted
}

export type For = {
  readonly turn: ReadingTurn
  readonly signal?: AbortSignal | undefined
}

export interface Archives {
  /** All archives of one message, within one limit of time. Never rejects. */
  list(archives: readonly AttachedArchive[], given: For): Promise<ArchiveListing>
}
