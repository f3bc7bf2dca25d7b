// Who must be closed: told from the design alone (a line is the subscriber's connection; isolate and suspend close its port 25, and nothing
// else does; the next customer of an address is never closed for the last one; an address that homes share is never closed). It knows
// what really happened, and nothing of how Cordon finds out: it imports nothing of it.

/** What was found when its port 25 was tried. */
export type PortState = 'open' | 'closed'

type Contained = 'yes' | 'no' | 'maybe'

export class LineOracle {
  /** Who really has each address, among those that one customer has at a time. */
  readonly #holders = new Map<string, string>()
  readonly #contained = new Map<string, Contained>()
  readonly #shared: ReadonlySet<string>
  readonly #around: ReadonlyMap<string, string>

  /** `shared`: addresses that homes share; `around`: of prefixes, the wider ones that they lie in. */
  constructor(shared: readonly string[], around: ReadonlyMap<string, string> = new Map()) {
    this.#shared = new Set(shared)
    this.#around = around
  }

  has(address: string, customer: string): void {
    this.#holders.set(address, customer)
  }

  leaves(address: string): void {
    this.#holders.delete(address)
  }

  holder(address: string): string | undefined {
    return this.#holders.get(address)
  }

  /** By the longest prefix that is held. */
  #owner(address: string): string | undefined {
    return this.#holders.get(address) ?? this.#holders.get(this.#around.get(address) ?? '')
  }

  contained(customer: string): Contained {
    return this.#contained.get(customer) ?? 'no'
  }

  /** Decided, and answered: `maybe` where no answer came, or what was seen may have been too little to be sure whose it was. */
  decided(customer: string, contained: Contained): void {
    this.#contained.set(customer, contained)
  }

  /** What Cordon says that it has decided against what it may have: what was not sure is settled by it. */
  settle(said: ReadonlySet<string>, customers: readonly string[]): readonly string[] {
    return customers.flatMap(customer => {
      const is = said.has(customer)
      const should = this.contained(customer)
      this.#contained.set(customer, is ? 'yes' : 'no')
      if (should === 'maybe' || (should === 'yes') === is) return []
      return [is ? `${customer} is contained for no reason` : `${customer} is not contained`]
    })
  }

  /**
   * Innocent lines that were found closed, and contained ones that were found open. Where nothing has arrived of who is there (`unheard`), both
   * may be; where it is not known when it happened (`unsure`), nothing need be closed.
   */
  wrong(
    found: ReadonlyMap<string, PortState>,
    { unheard, unsure }: Record<'unheard' | 'unsure', (address: string) => boolean>,
  ): readonly string[] {
    return [...found].flatMap(([address, is]) => {
      const holder = this.#owner(address)
      if (this.#shared.has(address)) return is === 'closed' ? [`${address}, shared, is closed`] : []
      // A line that nobody is on hinders nobody.
      if (holder === undefined || unheard(address)) return []
      const contained = this.contained(holder)
      if (is === 'closed' && contained === 'no') return [`${address} of ${holder} is closed`]
      return is === 'open' && contained === 'yes' && !unsure(address)
        ? [`${address} of ${holder} is not closed`]
        : []
    })
  }
}
