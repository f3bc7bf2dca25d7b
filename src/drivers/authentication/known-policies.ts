// DMARC policies that were read lately, for when the DNS of their domain, or ours, does not answer: an attacker who can keep an answer from
// us must not undo a policy that we have read. Of policies that could not be read: since when, and how many look-ups failed. In memory; a
// restart forgets both.

import type { Authentication } from '../../model/authentication.ts'
import { DAY, HOUR } from '../../model/duration.ts'
import { foldAddress } from '../../model/mail-address.ts'

type Dmarc = Authentication['dmarc']

/** `reject` is remembered for a month, because to forget it costs more than to defer mail of a domain that no longer publishes it. */
const KEEP = { reject: 30 * DAY, quarantine: DAY, none: DAY } as const
/**
 * A sender whose policy cannot be read is deferred this often and this long; then its mail is accepted without a policy, so that a domain
 * with a broken DNS is not cut off. Postfix makes some six attempts in four hours, and sends no delay warning before.
 */
const IN_VAIN = { times: 4, time: 4 * HOUR } as const
/** After this time without an attempt a sender's count begins anew. */
const FORGOTTEN = DAY
/** Rows of each table (some 2 MB); a new row replaces the one that was used longest ago. */
const ROOM = 10_000

export type KnownPolicies = {
  /** Remembers a policy that was read; fills in a remembered one where the look-up failed. `sender`: the envelope sender. */
  complete(dmarc: Dmarc, sender: string): Dmarc
}

export function knownPolicies(now: () => number = () => performance.now()): KnownPolicies {
  const known = new Map<string, { readonly policy: keyof typeof KEEP; readonly until: number }>()
  const inVain = new Map<
    string,
    { readonly first: number; readonly last: number; readonly times: number }
  >()

  const isGivenUp = (key: string): boolean => {
    const found = inVain.get(key)
    const before = found && now() - found.last < FORGOTTEN ? found : undefined
    const { first = now(), times = 0 } = before ?? {}
    keep(inVain, key, { first, last: now(), times: times + 1 })
    return times >= IN_VAIN.times && now() - first >= IN_VAIN.time
  }
  return {
    complete: (dmarc, sender) => {
      const { domain, policy, result } = dmarc
      if (policy === 'unknown') {
        const before = known.get(domain)
        if (before && now() < before.until) return { ...dmarc, policy: before.policy }
        return isGivenUp(`${domain} ${foldAddress(sender)}`) ? { ...dmarc, givenUp: true } : dmarc
      }
      if (domain !== '' && result !== 'several' && result !== 'permerror')
        keep(known, domain, { policy, until: now() + KEEP[policy] })
      return dmarc
    },
  }
}

function keep<T>(table: Map<string, T>, key: string, value: T): void {
  table.delete(key)
  table.set(key, value)
  const [oldest] = table.keys()
  if (table.size > ROOM && oldest !== undefined) table.delete(oldest)
}
