// What a part holds without being a multipart: a message, or a file, which is read as if it were a part of its own. What holds files is a
// `Container`: one file, and one line in the list of containers.ts.

import type { PartFields } from './part-fields.ts'
import type { At } from './walked.ts'

/** One part that is not made of parts. */
export type Leaf = {
  readonly fields: PartFields
  readonly names: readonly string[]
  /** All types that the part may have. */
  readonly types: readonly string[]
  /** The part as it came. */
  readonly content: Buffer
  readonly bytes: Buffer
  /** Its end may be missing, because that of the message is. */
  readonly cut: boolean
}

export type InnerFile = {
  /** As they are written; the empty name alone: it has none. */
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly bytes: Buffer
  readonly cut: boolean
}

/** `message`: its header is read. */
export type HeldPart = { readonly message: Buffer } | InnerFile

export type Container = {
  /** By type, name or first bytes: most parts hold nothing, and are asked. */
  readonly holds: (leaf: Leaf) => boolean
  /** What cannot be read of it is said (`unread`). */
  readonly read: (leaf: Leaf, at: At) => readonly HeldPart[]
}

/** The type of a file that says none. */
export const UNTYPED = 'application/octet-stream'
