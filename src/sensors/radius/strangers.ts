// Addresses that users have who are no customers, by what accounting told of them. They have no lease, and who had the address before has it no
// longer: what comes of that session later does not say which of both has it.

import { DAY } from '../../model/duration.ts'
import type { Lease } from '../../model/lease.ts'
import type { Leases } from '../../ports/leases.ts'
import { type SessionNews, WHOLE_SECOND } from './accounting.ts'

type Stranger = { readonly at: number; readonly isOver: boolean }

/** Of more addresses the first ones are forgotten. */
const MOST = 100_000
/** Nothing more of a session than that is told after so long (ms): it is over, and its Stop was lost. */
const FORGOTTEN = DAY

export class Strangers {
  readonly #seen = new Map<string, Stranger>()
  /** By realm and a customer's wider prefix, the addresses in it that such users have. */
  readonly #inside = new Map<string, Set<string>>()

  /** A session of such a user began, goes on, or is over. */
  hear({ realm, framed, at, status }: SessionNews, around: Leases['around']): void {
    for (const { prefix } of framed) {
      this.#note(realm, prefix, { at, isOver: status === 'stop' })
      for (const wider of around(realm, prefix))
        this.#noteInside(`${realm} ${wider.prefix}`, prefix)
    }
  }

  /** Of a lease from before a restart: it ended, and from then on it is not known whose the address was. */
  restore({ realm, prefix, to, doubtFrom }: Lease): void {
    if (to !== undefined && to === doubtFrom) this.#note(realm, prefix, { at: to, isOver: false })
  }

  /** A customer is known to have it. */
  forget(realm: string, prefix: string): void {
    this.#seen.delete(`${realm} ${prefix}`)
  }

  /** Whether such a user may have had it since then; for an update, whether one may have it still. */
  mayHave(
    prefix: string,
    { realm, status }: Pick<SessionNews, 'realm' | 'status'>,
    since: number,
  ): boolean {
    const seen = this.#seen.get(`${realm} ${prefix}`)
    if (!seen) return false
    if (seen.isOver) return seen.at > since
    return status === 'interim' || seen.at > since - WHOLE_SECOND
  }

  /** Whether such a user has a part of this prefix at that time, as far as was told while a customer had the whole. */
  haveIn(realm: string, prefix: string, at: number): boolean {
    const key = `${realm} ${prefix}`
    const all = this.#inside.get(key) ?? []
    for (const one of all) {
      const seen = this.#seen.get(`${realm} ${one}`)
      if (seen && !seen.isOver && at - seen.at < FORGOTTEN) return true
    }
    this.#inside.delete(key)
    return false
  }

  #noteInside(key: string, prefix: string): void {
    const all = this.#inside.get(key) ?? new Set<string>()
    if (all.size < MOST) all.add(prefix)
    if (this.#inside.size < MOST) this.#inside.set(key, all)
  }

  #note(realm: string, prefix: string, { at, isOver }: Stranger): void {
    const key = `${realm} ${prefix}`
    const before = this.#seen.get(key)
    if (before && before.at > at) return
    this.#seen.delete(key)
    this.#seen.set(key, { at, isOver })
    if (this.#seen.size <= MOST) return
    for (const first of this.#seen.keys()) {
      this.#seen.delete(first)
      break
    }
  }
}
