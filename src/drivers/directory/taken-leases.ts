// Leases that another customer's session has taken, and whose own sessions may go on at their access servers (`isTaken`), by customer.

import { type Lease, sessionText } from '../../model/lease.ts'

export class TakenLeases {
  readonly #of = new Map<string, readonly Lease[]>()

  of(subscriber: string): readonly Lease[] {
    return this.#of.get(subscriber) ?? []
  }

  add(lease: Lease): void {
    this.#of.set(lease.subscriber, [...this.of(lease.subscriber), lease])
  }

  /** Those of this customer and prefix that are no longer among them. */
  take(lease: Lease, isIt: (lease: Lease, taken: Lease) => boolean): readonly Lease[] {
    const { realm, prefix, subscriber } = lease
    const mine = this.of(subscriber)
    const over = mine.filter(
      one => one.realm === realm && one.prefix === prefix && isIt(lease, one),
    )
    if (over.length === 0) return over
    const left = mine.filter(one => !over.includes(one))
    if (left.length > 0) this.#of.set(subscriber, left)
    else this.#of.delete(subscriber)
    return over
  }
}

export const isSameSession = (lease: Lease, taken: Lease): boolean =>
  lease.session !== undefined && sessionText(lease) === sessionText(taken)

/** As it ended; its session said that it is over, where that was told. */
export const withoutTaken = (
  { taken: _taken, ...lease }: Lease,
  { stopped }: Pick<Lease, 'stopped'>,
): Lease => (stopped ? { ...lease, stopped } : lease)
