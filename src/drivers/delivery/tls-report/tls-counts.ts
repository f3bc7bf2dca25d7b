// How TLS went with each domain that wants to hear of it (RFC 8460), by day: counted in memory and written down once a minute. A crash loses the last.

import type { CountedFailure, CountedPolicy } from '../../../mail/tls-report.ts'
import { BoundedMap } from '../../../model/bounded-map.ts'
import { MINUTE } from '../../../model/duration.ts'
import { SharedRoom } from '../../../model/shared-room.ts'
import type { TlsPolicy, TlsSession } from '../../../model/tls-session.ts'
import type { Records } from '../../../ports/records.ts'
import { writeFresh } from '../../../ports/write-fresh.ts'
import { dayOf, ownerOfRoom } from '../../report-day.ts'

/** `id`: `DAY DOMAIN`. */
export type CountedDay = { readonly id: string; readonly policies: readonly CountedPolicy[] }

/** Domains and days that are counted, in memory and on disk: in all, and of one organisation and day beside its first name. */
const DOMAINS = { most: 20_000, mostOfOne: 10 }
/** Policies of one domain, and different failures of one policy. */
const MOST_POLICIES = 10
const MOST_FAILURES = 50
/** Answers about who wants to hear of it. */
const MOST_ASKED = 20_000
/** Of sessions whose domain is still being asked about. */
const MOST_WAITING = 1_000
/** Until a DNS that did not answer is asked again. */
const ASK_AGAIN = 10 * MINUTE

export type TlsCountsParts = {
  readonly records: Records<CountedDay>
  /** Whether a domain wants reports; undefined, or rejects, where the DNS has no answer. */
  readonly wants: (domain: string) => Promise<boolean | undefined>
  readonly now: () => number
}

/** `again`: when a DNS without an answer is asked again. */
type AskedDomain = { readonly wants: Promise<boolean | undefined>; again?: number }

export class TlsCounts {
  readonly #parts: TlsCountsParts
  readonly #fresh = new Map<string, CountedDay>()
  readonly #asked = new BoundedMap<string, AskedDomain>(MOST_ASKED)
  readonly #room = new SharedRoom(DOMAINS)
  #waiting = 0
  #left = 0

  constructor(parts: TlsCountsParts) {
    this.#parts = parts
    for (const { id } of parts.records.all()) this.#room.take(id, placeOf(id))
  }

  /** Returns at once. Of one domain the DNS is asked once a day. While it does not answer all is counted: when the report goes it is asked again. */
  session(session: TlsSession): void {
    const { domain } = session.policy
    const id = `${dayOf(this.#parts.now())} ${domain}`
    if (this.#waiting >= MOST_WAITING) {
      this.#left++
      return
    }
    this.#waiting++
    void this.#wants(id, domain).then(wants => {
      this.#waiting--
      if (wants ?? true) this.#count(id, session)
    })
  }

  #wants(id: string, domain: string): Promise<boolean | undefined> {
    const now = this.#parts.now()
    const known = this.#asked.get(id)
    if (known && (known.again === undefined || now < known.again)) return known.wants
    const wants = this.#parts.wants(domain).catch(() => undefined)
    const asked: AskedDomain = { wants }
    this.#asked.set(id, asked)
    void wants.then(answer => {
      if (answer === undefined) asked.again = now + ASK_AGAIN
    })
    return wants
  }

  /** Rejects when the disk refuses it; it is written the next time then. */
  write(): Promise<void> {
    return writeFresh(this.#fresh, this.#parts.records, merged)
  }

  /** Connections that had no room since the last time. */
  left(): number {
    const left = this.#left
    this.#left = 0
    return left
  }

  /** It was reported, or is not to be. */
  async forget(id: string): Promise<void> {
    await this.#parts.records.change(id, () => 'gone')
    this.#room.free(id)
  }

  #count(id: string, { policy, failure }: TlsSession): void {
    if (!this.#room.take(id, placeOf(id))) {
      this.#left++
      return
    }
    const counted: CountedPolicy = {
      policy,
      good: failure ? 0 : 1,
      failed: failure ? 1 : 0,
      failures: failure ? [{ ...failure, sessions: 1 }] : [],
    }
    this.#fresh.set(id, merged(this.#fresh.get(id), { id, policies: [counted] }))
  }
}

function placeOf(id: string): string {
  const [day = '', domain = ''] = id.split(' ')
  return ownerOfRoom(day, domain)
}

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
