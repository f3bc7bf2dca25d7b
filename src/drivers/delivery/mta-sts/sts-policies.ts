// The MTA-STS policies of the domains that we send mail to (RFC 8461 §5): fetched when a domain is new or its record has another id, and kept on disk until
// they end, so that an attacker who cuts us off from the DNS or the web takes no policy away. A policy that cannot be fetched changes nothing that is known.

import { isStsRecord, type StsPolicy, stsIdOf } from '../../../mail/mta-sts-policy.ts'
import { organisationalDomain } from '../../../mail/organisational-domain.ts'
import { BoundedMap } from '../../../model/bounded-map.ts'
import { DAY, MINUTE, SECOND } from '../../../model/duration.ts'
import { hasCome } from '../../../model/has-come.ts'
import { SharedRoom } from '../../../model/shared-room.ts'
import type { Made, Records } from '../../../ports/records.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import type { FetchedPolicy } from './policy-fetch.ts'

/** `id`: the domain; `version`: the id in its record. */
export type KeptPolicy = {
  readonly id: string
  readonly version: string
  readonly policy: StsPolicy
  /** When it was fetched, and about when mail was last sent there. */
  readonly at: number
  readonly used: number
}

export type StsPolicies = {
  /** What is in force for a domain now; never rejects. */
  of(domain: string): Promise<StsPolicy | undefined>
  /** Fetches again what ends soon, and forgets what has ended. */
  refresh(at: number, signal: AbortSignal): Promise<void>
}

export type StsPoliciesParts = {
  readonly records: Records<KeptPolicy>
  readonly resolver: Pick<Resolver, 'texts'>
  /** Never rejects. */
  readonly fetch: (domain: string, signal: AbortSignal) => Promise<FetchedPolicy>
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
}

const ABOUT = 'MTA-STS policies'
/** RFC 8461 §5.1: a domain whose policy could not be fetched is not asked again for so long. */
const PAUSE = 5 * MINUTE
const MOST_PAUSED = 10_000
/** Policies kept, and characters of all that they name: in all, and of one organisation, so that none takes the room of the others. */
const MOST: StsRoom = { policies: 10_000, text: 16 * 1024 * 1024 }
const MOST_OF_ONE: StsRoom = { policies: 200, text: 512 * 1024 }
/** Domains whose policy cannot be had and of which that is told: in all, and of one organisation. */
const TOLD = { most: 10_000, mostOfOne: 5 }
/** A fetch that a message waits for. */
const WITHIN = 15 * SECOND
/** A policy is fetched again when half of its time is over, but not more often than daily nor later than a day before its end. */
const REFRESH_AFTER = DAY
/** A domain to which no mail was sent for so long is not asked again. */
const UNUSED = 60 * DAY
/** How often it is written down that mail is sent to it. */
const USE_NOTED = 7 * DAY

export function stsPolicies(parts: StsPoliciesParts): StsPolicies {
  return new Policies(parts)
}

class Policies implements StsPolicies {
  readonly #parts: StsPoliciesParts
  /** When a fetch failed. */
  readonly #paused = new BoundedMap<string, number>(MOST_PAUSED)
  readonly #told = new Set<string>()
  readonly #toldRoom = new SharedRoom(TOLD)
  readonly #fetching = new Map<string, Promise<StsPolicy | undefined>>()

  constructor(parts: StsPoliciesParts) {
    this.#parts = parts
  }

  async of(domain: string): Promise<StsPolicy | undefined> {
    const known = this.#inForce(domain)
    const version = await this.#version(domain)
    // No record, or no answer, takes nothing away that was promised for longer (RFC 8461 §3.3).
    if (version === undefined || version === known?.version) {
      if (known === undefined) return undefined
      await this.#note(known)
      return known.policy
    }
    const fetched = await this.#fetchedOnce(domain, version)
    return fetched ?? known?.policy
  }

  async refresh(at: number, signal: AbortSignal): Promise<void> {
    for (const kept of Array.from(this.#parts.records.all())) {
      if (signal.aborted) return
      if (at >= endOf(kept)) await this.#forget(kept)
      // A clock that was ahead has fetched it in times to come: it ends as if it were fetched now.
      else if (kept.at > at) await this.#change(kept.id, now => now && { ...now, at, used: at })
      else if (isDue(kept, at)) await this.#fetchAnew(kept.id, undefined, signal)
    }
  }

  #inForce(domain: string): KeptPolicy | undefined {
    const kept = this.#parts.records.get(domain)
    return kept && this.#parts.now() < endOf(kept) ? kept : undefined
  }

  /** Undefined where there is no record, or none that can be followed. */
  async #version(domain: string): Promise<string | undefined> {
    const texts = await this.#parts.resolver.texts(`_mta-sts.${domain}`)
    const records = 'value' in texts ? texts.value.filter(isStsRecord) : []
    return records.length === 1 ? stsIdOf(records[0] ?? '') : undefined
  }

  /** Many messages for one domain wait for the same. */
  async #fetchedOnce(domain: string, version: string): Promise<StsPolicy | undefined> {
    const fetching = this.#fetching.get(domain) ?? this.#fetchAnew(domain, version)
    this.#fetching.set(domain, fetching)
    try {
      return await fetching
    } finally {
      this.#fetching.delete(domain)
    }
  }

  /** Undefined when there was none, or it was asked for just now. */
  async #fetchAnew(
    domain: string,
    version: string | undefined,
    signal = AbortSignal.timeout(WITHIN),
  ): Promise<StsPolicy | undefined> {
    const { now, fetch } = this.#parts
    const failed = this.#paused.get(domain)
    // A clock that was ahead has failed in times to come.
    if (failed !== undefined && !hasCome(failed + PAUSE, now(), PAUSE)) return undefined
    this.#paused.delete(domain)
    const fetched = await fetch(domain, signal)
    if ('wrong' in fetched) {
      this.#paused.set(domain, now())
      this.#tell(domain, fetched.wrong)
      return undefined
    }
    const { policy } = fetched
    await this.#change(domain, before => {
      const used = version === undefined ? (before?.used ?? now()) : now()
      return { id: domain, version: version ?? before?.version ?? '', policy, at: now(), used }
    })
    await this.#prune(domain)
    return policy
  }

  async #note(kept: KeptPolicy): Promise<void> {
    const used = this.#parts.now()
    if (used - kept.used < USE_NOTED) return
    await this.#change(kept.id, now => now && { ...now, used })
  }

  async #forget({ id, at }: KeptPolicy): Promise<void> {
    await this.#change(id, now => (now?.at === at ? 'gone' : undefined))
  }

  /** Once: its owner can only learn of it from a sender. */
  #tell(domain: string, wrong: string): void {
    if (this.#told.has(domain)) return
    if (!this.#toldRoom.take(domain, organisationalDomain(domain))) return
    this.#told.add(domain)
    this.#parts.trouble(new Error(`the policy of ${domain} cannot be had: ${wrong}`), ABOUT)
  }

  /** After a policy of this domain came. */
  async #prune(domain: string): Promise<void> {
    const all = [...this.#parts.records.all()]
    const organisation = organisationalDomain(domain)
    const own = all.filter(({ id }) => id === organisation || id.endsWith(`.${organisation}`))
    const isTooMuch = exceeds(own, MOST_OF_ONE)
    if (!isTooMuch && !exceeds(all, MOST)) return
    const going = isTooMuch ? oldestOf(own) : oldestOf(ofTheLargest(all))
    for (const one of going) await this.#forget(one)
    const whose = isTooMuch ? `names below ${organisation}` : 'those that have most'
    this.#parts.trouble(new Error(`no room: ${going.length} of ${whose} are forgotten`), ABOUT)
  }

  /** What cannot be written is in force no longer than this message needs it: the next one asks again. */
  async #change(
    id: string,
    make: (now: KeptPolicy | undefined) => Made<KeptPolicy>,
  ): Promise<void> {
    const { records, trouble } = this.#parts
    await records.change(id, make).catch(error => trouble(error, ABOUT))
  }
}

type StsRoom = { readonly policies: number; readonly text: number }

const textOf = (kept: readonly KeptPolicy[]): number =>
  kept.reduce((sum, { policy }) => sum + policy.mx.join().length, 0)

const exceeds = (kept: readonly KeptPolicy[], most: StsRoom): boolean =>
  kept.length > most.policies || textOf(kept) > most.text

/** A tenth. */
const oldestOf = (kept: readonly KeptPolicy[]): readonly KeptPolicy[] =>
  kept.toSorted((a, b) => a.at - b.at).slice(0, Math.ceil(kept.length / 10))

/** Half of them, of the organisations that have most: one that has a single policy keeps it for as long as others have several. */
function ofTheLargest(all: readonly KeptPolicy[]): readonly KeptPolicy[] {
  const groups = [...Map.groupBy(all, ({ id }) => organisationalDomain(id)).values()]
  const shareOf = (kept: readonly KeptPolicy[]) =>
    kept.length / MOST.policies + textOf(kept) / MOST.text
  const sorted = groups.toSorted((a, b) => shareOf(b) - shareOf(a)).flat()
  return sorted.slice(0, Math.ceil(all.length / 2))
}

const endOf = ({ at, policy }: KeptPolicy): number => at + policy.maxAge * SECOND

function isDue(kept: KeptPolicy, at: number): boolean {
  if (at - kept.used > UNUSED || at - kept.at < REFRESH_AFTER) return false
  return at - kept.at >= (kept.policy.maxAge * SECOND) / 2 || endOf(kept) - at < 2 * DAY
}
