// Questions to the DNS, answered with a value or with a failure that is itself a value.

/** `bad-name`: it is not a legal domain name, was not asked, and will never have an answer. */
export type Failure = 'timeout' | 'servfail' | 'bad-name'

export type DnsAnswer<T> = { readonly value: T } | { readonly failed: Failure }

export interface Resolver {
  /** Mail exchangers in order of preference; empty when there are none (then the name itself is tried). */
  mx(
    domain: string,
  ): Promise<DnsAnswer<readonly { readonly host: string; readonly preference: number }[]>>
  /** IPv6 and IPv4 addresses of a name; empty when it has none. */
  addresses(name: string): Promise<DnsAnswer<readonly string[]>>
  /** The names of an address (PTR), in lower case. */
  names(address: string): Promise<DnsAnswer<readonly string[]>>
  /** TXT records of a name, each whole. */
  texts(name: string): Promise<DnsAnswer<readonly string[]>>
  /** A records of an entry in a DNS list. */
  listed(entry: string): Promise<DnsAnswer<readonly string[]>>
}
