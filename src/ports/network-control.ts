// A driver that brings the network to the desired state: a router, a BNG, somebody else's API.

import type { Restriction } from '../model/decision.ts'

export interface NetworkControl {
  readonly name: string
  /** Brings all of these about in one go; putting one on twice is the same as once. Rejects when it could not. */
  apply(restrictions: readonly Restriction[]): Promise<void>
  /** Takes these off; one that is not there is no error. */
  revoke(restrictions: readonly Restriction[]): Promise<void>
  /** What is really in force. */
  list(): Promise<readonly Restriction[]>
}
