// A file in a message that is, or claims to be, an archive: found where the message is read, listed elsewhere.

export type AttachedArchive = {
  /** As the message calls it; empty when it has no name. */
  readonly name: string
  readonly bytes: Uint8Array
  /** Its end may be missing: it lies beyond what is read of a message, or the server that quoted the message in a bounce cut it short. */
  readonly cut: false | 'large' | 'quoted'
}
