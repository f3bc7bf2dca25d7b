// How TLS went with each domain that wants to hear of it (RFC 8460), by day: counted in memory and written down once a minute. A crash loses the last.

import type { CountedFailure, CountedPolicy } from '../../../mail/tls-report.ts'
import { BoundedMap } from '../../../model/bounded-map.ts'
import type { TlsPolicy, TlsSession } from '../../../model/tls-session.ts'
import type { Records } from '../../../ports/records.ts'
import { writeFresh } from '../../../ports/write-fresh.ts'

/** `id`: `DAY DOMAIN`. */
export type CountedDay = { readonly id: string; readonly policies: readonly CountedPolicy[] }

/** Domains of a day that are counted; policies of one, and different failures of one policy, are no more than these. */
const MOST_DOMAINS = 5_000
const MOST_POLICIES = 10
const MOST_FAILURES = 50
/** Answers about who wants to hear of it. */
const MOST_ASKED = 20_000
/** Of sessions whose domain is still being asked about. */
const MOST_WAITING = 1_000

export type TlsCountsParts = {
  readonly records: Records<CountedDay>
  /** Whether a domain wants reports; rejects, or says no, where the DNS has no answer. */
  readonly wants: (domain: string) => Promise<boolean>
  readonly now: () => number
}

export class TlsCounts {
  readonly #parts: TlsCountsParts
  readonly #fresh = new Map<string, CountedDay>()
  readonly #asked = new BoundedMap<string, Promise<boolean>>(MOST_ASKED)
  #waiting = 0

  constructor(parts: TlsCountsParts) {
    this.#parts = parts
  }

  /** Returns at once. Of one domain the DNS is asked once a day. */
  session(session: TlsSession): void {
    const { domain } = session.policy
    const id = `${dayOf(this.#parts.now())} ${domain}`
    if (this.#waiting >= MOST_WAITING) return
    this.#waiting++
    const asked = this.#asked.get(id) ?? this.#parts.wants(domain).catch(() => false)
    this.#asked.set(id, asked)
    void asked.then(wants => {
      this.#waiting--
      if (wants) this.#count(id, session)
    })
  }

  /** Rejects when the disk refuses it; it is written the next time then. */
  write(): Promise<void> {
    return writeFresh(this.#fresh, this.#parts.records, merged)
  }

  #count(id: string, { policy, failure }: TlsSession): void {
    const before = this.#fresh.get(id)
    if (!before && this.#fresh.size >= MOST_DOMAINS) return
    const counted: CountedPolicy = {
      policy,
      good: failure ? 0 : 1,
      failed: failure ? 1 : 0,
      failures: failure ? [{ ...failure, sessions: 1 }] : [],
    }
    this.#fresh.set(id, merged(before, { id, policies: [counted] }))
  }
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

function merged(a: CountedDay | undefined, b: CountedDay): CountedDay {
  if (!a) return b
  const policies = [...a.policies]
  for (const one of b.policies) {
    const i = policies.findIndex(other => keyOf(other.policy) === keyOf(one.policy))
    const known = policies[i]
    if (known) policies[i] = sumOf(known, one)
    else if (policies.length < MOST_POLICIES) policies.push(one)
  }
  return { id: a.id, policies }
}

const keyOf = (policy: TlsPolicy): string => JSON.stringify(policy)

function sumOf(a: CountedPolicy, b: CountedPolicy): CountedPolicy {
  const failures = [...a.failures]
  for (const one of b.failures) {
    const i = failures.findIndex(other => isSame(other, one))
    const known = failures[i]
    if (known) failures[i] = { ...known, sessions: known.sessions + one.sessions }
    else if (failures.length < MOST_FAILURES) failures.push(one)
  }
  return { policy: a.policy, good: a.good + b.good, failed: a.failed + b.failed, failures }
}

const isSame = (a: CountedFailure, b: CountedFailure): boolean =>
  a.type === b.type && a.mx === b.mx && a.ip === b.ip
