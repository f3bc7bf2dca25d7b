// Checks the signatures of a message: DKIM, DMARC, ARC.

import type { Authentication } from '../model/authentication.ts'

export type CameFrom = {
  readonly address: string
  readonly helo: string
  readonly sender: string
}

export interface Authenticator {
  /** Never rejects; out of order or out of time is `failed`. */
  check(
    from: CameFrom,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Authentication | { readonly failed: string }>
}
