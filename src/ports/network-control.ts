// A driver that brings the network to the desired state: a router, a BNG, somebody else's API.

import type { Restriction } from '../model/decision.ts'

export interface NetworkControl {
  readonly name: string
  /** Whether it can bring this about without touching anybody else; what does not fit is not asked of it. */
  fits(restriction: Restriction): boolean
  /** Brings all of these about in one go; putting one on twice is the same as once. Rejects when it could not. */
  apply(restrictions: readonly Restriction[]): Promise<void>
  /** Takes these off; one that is not there is no error. */
  revoke(restrictions: readonly Restriction[]): Promise<void>
  /** Port 25 of these prefixes is open and its connections are logged, until a rollout closes them. */
  watch?(prefixes: readonly string[]): Promise<void>
  /**
   * What is really in force. For one customer: theirs and nothing else, as last known where the device would have to tell all it has (it is
   * asked for all every minute).
   */
  list(subscriber?: string): Promise<readonly Restriction[]>
}
