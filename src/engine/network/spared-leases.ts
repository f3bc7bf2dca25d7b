// A prefix that is listed may have leases of others in it, and of its own customer that are in doubt. Each of these has an entry of its own
// that says "not listed": the longest prefix answers.

import type { Lease } from '../../model/lease.ts'
import { type Prefix, parsePrefix } from '../../model/ip.ts'
import { SPARED } from '../../model/list-code.ts'
import { type Placed, type PrefixTable, placeOf } from '../../model/prefix-table.ts'
import type { Leases } from '../../ports/leases.ts'
import { type HeldPrefixes, heldOf, prefixesOf } from './held-prefixes.ts'

export class SparedLeases {
  readonly #table: PrefixTable
  readonly #leases: Pick<Leases, 'current' | 'within'>
  readonly #realm: string
  /** Of each customer with any. */
  readonly #of = new Map<string, HeldPrefixes>()

  constructor(table: PrefixTable, leases: Pick<Leases, 'current' | 'within'>, realm: string) {
    this.#table = table
    this.#leases = leases
    this.#realm = realm
  }

  /** Customers with any. */
  customers(): Iterable<string> {
    return this.#of.keys()
  }

  all(): readonly string[] {
    const all = [...this.#of.values()].flatMap(prefixesOf)
    return [...new Set(all)].filter(prefix => this.#isSpared(prefix))
  }

  /** Before this prefix of this customer is listed. Whether anything has changed. */
  before(id: string, prefix: string): boolean {
    let hasChanged = false
    for (const inner of this.#leases.within(this.#realm, prefix)) {
      if (inner.subscriber === id) continue
      hasChanged = this.#spare(inner.prefix) || hasChanged
      // Several may share it: it is spared until the last of them is gone.
      const mine = prefixesOf(this.#of.get(inner.subscriber))
      if (!mine.includes(inner.prefix))
        this.#of.set(inner.subscriber, heldOf([...mine, inner.prefix]))
    }
    return hasChanged
  }

  /** As the leases of this customer are now, of which these are listed. Whether anything has changed. */
  refresh(id: string, listed: readonly string[]): boolean {
    const before = prefixesOf(this.#of.get(id))
    const now = this.#leases
      .current(id)
      .filter(one => this.#isToBeSpared(one, listed))
      .map(({ prefix }) => prefix)
    let hasChanged = false
    for (const prefix of now) hasChanged = this.#spare(prefix) || hasChanged
    for (const prefix of before)
      if (!now.includes(prefix)) hasChanged = this.#forget(prefix) || hasChanged
    if (now.length === 0) this.#of.delete(id)
    else this.#of.set(id, heldOf(now))
    return hasChanged
  }

  #isToBeSpared({ realm, prefix, to }: Lease, listed: readonly string[]): boolean {
    return (
      realm === this.#realm &&
      to === undefined &&
      !listed.includes(prefix) &&
      this.#isInListed(placed(prefix))
    )
  }

  #isInListed(place: Pick<Placed, 'bits' | 'words'>): boolean {
    const at = this.#table.wider(place)
    if (at < 0) return false
    const around = this.#table.at(at)
    return around.code !== SPARED || this.#isInListed(around)
  }

  /** Not what is listed by itself: another customer may claim it, who is. */
  #spare(prefix: string): boolean {
    const place = placed(prefix)
    if (this.#table.exactly(place)) return false
    this.#table.put({ ...place, code: SPARED, since: 0, reference: [0, 0] })
    return true
  }

  /** What another customer still has stays. */
  #forget(prefix: string): boolean {
    if (!this.#isSpared(prefix)) return false
    const isAnothers = [...this.#of.values()].filter(all => prefixesOf(all).includes(prefix))
    return isAnothers.length < 2 && this.#table.remove(placed(prefix))
  }

  #isSpared(prefix: string): boolean {
    return this.#table.exactly(placed(prefix))?.code === SPARED
  }
}

const placed = (prefix: string) => placeOf(parsePrefix(prefix) as Prefix)
