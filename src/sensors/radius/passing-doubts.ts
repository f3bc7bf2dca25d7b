// Doubts about a newer lease that late news of an older session have raised: when the Stop of that session says that it was over before the
// newer one began, there is nothing to doubt any more. Pure.

import { type Lease, type LeaseChange, sameLease, sessionText } from '../../model/lease.ts'
import { textKey } from '../../model/text-key.ts'
import type { Leases } from '../../ports/leases.ts'
import { type SessionNews, WHOLE_SECOND } from './accounting.ts'
import type { Session } from './session.ts'
import { undoubted } from './session-leases.ts'

type Standing = Pick<Leases, 'standing'>

/** Leases of which that is remembered; the first of more are in doubt until their own next update. */
const MOST = 100_000

export class PassingDoubts {
  /** By lease, the sessions whose news made it doubtful, where nothing else did. */
  readonly #by = new Map<string, Set<Session>>()

  /** Before the leases that are newer than this record are put in doubt by it. */
  raise(session: Session, { at, realm, framed, subscriber }: SessionNews, given: Standing): void {
    for (const lease of framed.flatMap(({ prefix }) => given.standing(realm, prefix))) {
      if (lease.from <= at || lease.subscriber === subscriber) continue
      const key = keyOf(lease)
      const by = lease.doubtFrom === undefined ? new Set<Session>() : this.#by.get(key)
      // It is in doubt for something else.
      if (!by) continue
      this.#by.delete(key)
      this.#by.set(key, by.add(session))
      session.doubts = [...(session.doubts ?? []).filter(one => keyOf(one) !== key), lease]
      const [first] = this.#by.keys()
      if (first !== undefined && this.#by.size > MOST) this.#by.delete(first)
    }
  }

  /** Leases that none of them doubts any longer. */
  stopped(session: Session, { at }: SessionNews, { standing }: Standing): LeaseChange[] {
    return (session.doubts ?? []).flatMap((lease): LeaseChange[] => {
      const by = this.#by.get(keyOf(lease))
      if (!by || at > lease.from - (lease.skew ?? 0) - WHOLE_SECOND) return []
      by.delete(session)
      if (by.size > 0) return []
      this.#by.delete(keyOf(lease))
      const now = standing(lease.realm, lease.prefix).find(one => sameLease(one, lease))
      return now?.doubtFrom === lease.from ? [{ kind: 'open', lease: undoubted(now) }] : []
    })
  }
}

const keyOf = (lease: Lease): string =>
  textKey(lease.realm, lease.prefix, `${lease.from}`, lease.subscriber, sessionText(lease))
