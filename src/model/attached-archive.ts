// A file in a message that is, or claims to be, an archive: found where the message is read, listed elsewhere.

export type AttachedArchive = {
  /** As the message calls it; empty when it has no name. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Its end lies beyond what is read of a message. */
  readonly cut: boolean
}
