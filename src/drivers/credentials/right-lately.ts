// Passwords that were right a moment ago, so that they need not be hashed again: each as an HMAC under a key that dies with the
// process, for ten minutes.

import { createHmac, randomBytes } from 'node:crypto'
import { MINUTE } from '../../model/duration.ts'

const REMEMBERED_FOR = 10 * MINUTE
/** Then all are forgotten, and hashed once more. */
const REMEMBERED_AT_MOST = 100_000

export class RightLately {
  readonly #processKey = randomBytes(32)
  readonly #known = new Map<string, { readonly proof: string; readonly until: number }>()

  has(account: string, password: string): boolean {
    // Also for accounts that are not known: the answer then takes as long.
    const proof = this.#proofOf(account, password)
    const known = this.#known.get(account)
    return known !== undefined && known.until > Date.now() && known.proof === proof
  }

  add(account: string, password: string): void {
    if (this.#known.size >= REMEMBERED_AT_MOST) this.#known.clear()
    const proof = this.#proofOf(account, password)
    this.#known.set(account, { proof, until: Date.now() + REMEMBERED_FOR })
  }

  forget(account: string): void {
    this.#known.delete(account)
  }

  forgetAll(): void {
    this.#known.clear()
  }

  #proofOf(account: string, password: string): string {
    return createHmac('sha256', this.#processKey).update(`${account}\0${password}`).digest('base64')
  }
}
