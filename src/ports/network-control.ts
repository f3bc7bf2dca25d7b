// A driver that brings the network to the desired state: a router, a BNG, the API of another system.

import type { Restriction } from '../model/decision.ts'
import type { Lease } from '../model/lease.ts'
import type { NetworkStatus } from './reading.ts'

/**
 * Why an entry is not known to be in force. `unsure`: saying it failed, so it may be there or not; `refused`: the device said no;
 * `unanswered`: it said nothing; `gone`: it says that there is no such session; `goes on`: it said that it ended the session, and accounting
 * does not; `no entry`: the configuration does not say any more how it is told.
 */
export type Standing = 'unsure' | 'refused' | 'unanswered' | 'gone' | 'goes on' | 'no entry'

/** An entry as a driver knows it: in force where `standing` is absent; with any `standing` it is tried again. */
export type Held = Restriction & { readonly standing?: Standing; readonly words?: string }

/**
 * `over`: its session has ended, as far as any teller told; nothing is left to take off where the device says so, too. `stopped`: by a Stop,
 * and its number may be another session's by now. `stays`: its session is to be restricted all the same, at another address; what belongs
 * to the session is not taken off in between.
 */
export type Lifted = Restriction & {
  readonly over?: boolean
  readonly stopped?: boolean
  readonly stays?: boolean
}

export interface NetworkControl {
  readonly name: string
  /** Whether it can bring this about without touching other subscribers; what does not fit is not asked of it. */
  fits(restriction: Restriction): boolean
  /** Why it does not take this entry, in words, where it takes others of that address. */
  whyNot?(restriction: Restriction): string | undefined
  /**
   * Whether what it does about a lease meets the session of that lease, and no other line, whichever addresses either has: then it is told of
   * leases in doubt, and of those in which others have a part, too. Without it, it is told of no such lease.
   */
  meetsOne?(lease: Pick<Lease, 'session'>): boolean
  /**
   * The key of one entry; a later entry with the same key replaces it, whichever customer has it. By default its lease's prefix and ports
   * (`restrictionKey`); where sessions are told, the session, too.
   */
  place?(restriction: Restriction): string
  /**
   * Where it speaks to several devices: which of them has an entry, so that none waits for another; and of how many customers of one device
   * entries are compared at once, so that an order waits for no more than these.
   */
  readonly lanes?: { of(entry: Restriction): string; readonly atOnce: number }
  /** Brings all of these about in one go; putting one on twice is the same as once. Rejects when it could not. */
  apply(restrictions: readonly Restriction[]): Promise<void>
  /** Takes these off; one that is not there is no error, and what another customer has there by now stays. */
  revoke(restrictions: readonly Lifted[]): Promise<void>
  /** Port 25 of these prefixes is open and its connections are logged, until a rollout closes them. */
  watch?(prefixes: readonly string[]): Promise<void>
  /**
   * What is really in force, and what may be. For one customer: only that customer's, as last known where the device would have to
   * tell all it has (it is asked for all every minute).
   */
  list(subscriber?: string): Promise<readonly Held[]>
  /**
   * Why it could not say what it holds when it was last asked for all; undefined while it can. What it says of single customers meanwhile is
   * what it held before. A driver that has this tells of it in `worries`, too.
   */
  failure?(): string | undefined
  /**
   * Brings back what its entries need there to do anything (rules of a router), where `list` has just found that missing, or failed for it. Whether there was
   * anything to bring back: then `list` says something else now.
   */
  repair?(): Promise<boolean>
  /**
   * After a backup was put back: its device may have been told otherwise since, and of none of these is known what it holds, unless it was told
   * after that. Called before all is compared. `entries`: each lease, as it would be held if its line were isolated.
   */
  doubtRestored?(entries: () => Iterable<Restriction>): void
  /** `heard` is called when another program has changed what is there, or may have: it is compared at once, and not within a minute. */
  onForeignChange?(heard: () => void): void
  /** What staff should know of it, for `cordon network status`. */
  worries?(): NetworkStatus['worries']
}

/** Some were not brought about: which, and why. The others were. */
export class NotAllDone extends Error {
  readonly #words: ReadonlyMap<Restriction, string>

  constructor(words: ReadonlyMap<Restriction, string>) {
    super([...words.values()][0] ?? 'not done')
    this.#words = words
  }

  wordsFor(entry: Restriction): string | undefined {
    return this.#words.get(entry)
  }
}
