// A rule about several values of the configuration at once, which no single value can show.

import type { Complaint } from '../complaint.ts'
import type { Config } from '../schema.ts'

export type CrossCheck = {
  /** The keys that it reads: the check runs only when all of these have the right form. */
  readonly keys: readonly (keyof Config)[]
  readonly find: (config: Config) => Iterable<Complaint>
}

/** `find` sees the keys that are named, and no others. */
export function crossCheck<K extends keyof Config>(
  keys: readonly K[],
  find: (config: Pick<Config, K>) => Iterable<Complaint>,
): CrossCheck {
  return { keys, find }
}
