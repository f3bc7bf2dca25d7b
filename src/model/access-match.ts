// The clients and messages that an entry of an access list is about, as people write it.

/** Every named thing must fit; of its patterns, one. `not` must not fit. */
export type Match = {
  /** Addresses and prefixes: `access.entries[].match.address`, none by default. */
  readonly address?: readonly string[] | undefined
  /** `access.entries[].match.helo`, none by default. */
  readonly helo?: readonly string[] | undefined
  /** `access.entries[].match.sender`, none by default. */
  readonly sender?: readonly string[] | undefined
  /** `access.entries[].match.recipient`, none by default. */
  readonly recipient?: readonly string[] | undefined
  /** `access.entries[].match.login`, none by default. */
  readonly login?: readonly string[] | undefined
  /** Names of the address that lead back to it (PTR); `.example.org` for all below it: `access.entries[].match.name`, none by default. */
  readonly name?: readonly string[] | undefined
  /** Organisational domains of the sender: `access.entries[].match.organisation`, none by default. */
  readonly organisation?: readonly string[] | undefined
  /** ISO 3166 codes of the countries an address is in: `access.entries[].match.country`, none by default. */
  readonly country?: readonly string[] | undefined
  /** Numbers of the networks it is in: `access.entries[].match.asn`, none by default, each 1 to 4,294,967,295. */
  readonly asn?: readonly number[] | undefined
  /** Names of groups, of which one must fit: `access.entries[].match.group`, none by default. */
  readonly group?: readonly string[] | undefined
  readonly not?: Match | undefined
}
