// The clients and messages that an entry of an access list is about, as people write it.

/** Every named thing must fit; of its patterns, one. `not` must not fit. */
export type Match = {
  /** Addresses and prefixes. */
  readonly address?: readonly string[] | undefined
  readonly helo?: readonly string[] | undefined
  readonly sender?: readonly string[] | undefined
  readonly recipient?: readonly string[] | undefined
  readonly login?: readonly string[] | undefined
  /** Names of the address that lead back to it (PTR); `.example.org` for all below it. */
  readonly name?: readonly string[] | undefined
  /** Organisational domains of the sender. */
  readonly organisation?: readonly string[] | undefined
  /** ISO 3166 codes of the countries an address is in. */
  readonly country?: readonly string[] | undefined
  /** Numbers of the networks it is in. */
  readonly asn?: readonly number[] | undefined
  /** Names of groups: one of them must fit. */
  readonly group?: readonly string[] | undefined
  readonly not?: Match | undefined
}
