// A rule about several values of the configuration at once, which no single value can show.

import type { Complaint } from '../complaint.ts'
import type { Config } from '../schema.ts'

export type CrossCheck = {
  /** The keys that it reads. */
  readonly keys: readonly (keyof Config)[]
  /** Keys of which all must have the right form; of the others what it finds among some of the values is so among all. */
  readonly whole: readonly (keyof Config)[]
  /** Its sentences name no position in a list. */
  readonly names: boolean
  readonly find: (config: Config) => Iterable<Complaint>
}

/** `find` sees the keys that are named, and no others. */
export function crossCheck<K extends keyof Config>(
  keys: readonly K[],
  find: (config: Pick<Config, K>) => Iterable<Complaint>,
  { whole = keys, names = false }: { readonly whole?: readonly K[]; readonly names?: boolean } = {},
): CrossCheck {
  return { keys, whole, names, find }
}
