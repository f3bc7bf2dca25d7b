// Who an entry of an access list is about, as people write it.

/** Every named thing must fit; of its patterns, one. `not` must not fit. */
export type Match = {
  /** Addresses and prefixes. */
  readonly address?: readonly string[] | undefined
  readonly helo?: readonly string[] | undefined
  readonly sender?: readonly string[] | undefined
  readonly recipient?: readonly string[] | undefined
  readonly login?: readonly string[] | undefined
  /** Names of groups: one of them must fit. */
  readonly group?: readonly string[] | undefined
  readonly not?: Match | undefined
}
