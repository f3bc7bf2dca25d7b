// Checks the signatures of a message: DKIM, DMARC, ARC.

import type { Authentication } from '../model/authentication.ts'

export type CameFrom = {
  readonly address: string
  readonly helo: string
  readonly sender: string
}

/** `authors`: addresses that may be read in From, as far as we could read it. */
export type ToCheck = CameFrom & { readonly authors: readonly string[] }

export interface Authenticator {
  /** Never rejects: what could not be checked to its end says so (`unchecked`). */
  check(from: ToCheck, body: AsyncIterable<Uint8Array>): Promise<Authentication>
}
