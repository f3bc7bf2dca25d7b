// What was not read of a message, because it was too much.

/** What mailauth was not shown. */
export type LeftOut = {
  /** DKIM-Signature fields. */
  signatures: number
  /** Fields of ARC. */
  sets: number
  /** Why a signature, whatever mailauth says, does not pass: what it read is not the message. */
  part: string | undefined
}

export const nothingLeftOut = (): LeftOut => ({ signatures: 0, sets: 0, part: undefined })
