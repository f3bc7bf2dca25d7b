// What was not read of a message, because it was too much.

/** What mailauth was not shown. */
export type LeftOut = {
  /** DKIM-Signature fields. */
  signatures: number
  /** Fields of ARC. */
  sets: number
  /** What of the message mailauth read otherwise than it is: then no signature passes, whatever mailauth says of it. */
  altered: string | undefined
}

export const nothingLeftOut = (): LeftOut => ({ signatures: 0, sets: 0, altered: undefined })
