// Domains that exist to be sent from: their SPF lets every server send for them, or half the Internet; or they come in swarms of
// subdomains of an organisation that was unknown here last week. A new domain alone is no rogue.

import { firstAnswer } from '../../model/question.ts'
import { organisationalDomain } from '../../mail/organisational-domain.ts'
import { DAY } from '../../model/duration.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { isPublic } from './public-address.ts'
import type { Known, Mode, Rule } from './rule.ts'

/** Off with `rules.rogue-domain: off`, which is the default. */
export type RogueDomainSettings = {
  /**
   * More IPv4 addresses in the SPF record of a domain are too many: `strangers.rogueDomain.widest`, 16,777,216 by default, 1 to
   * 4,294,967,296 (a /8).
   */
  readonly widest: number
  /** More subdomains of one new domain in a day are a swarm: `strangers.rogueDomain.swarm`, 20 by default, 1 to 1000. */
  readonly swarm: number
  /** ms that a domain is new: `strangers.rogueDomain.newFor`, 7d by default, 1m to 366d. */
  readonly newFor: number
}

/** A domain that has not written for so long is new again. */
const REMEMBERED = 90 * DAY

export function rogueDomain(mode: Mode, settings: RogueDomainSettings): Rule {
  const domain = ({ client, sender = '' }: AttributedStep) =>
    isPublic(client.address) ? domainOf(sender) : ''
  return {
    name: 'rogue-domain',
    about:
      'The SPF record of the sender’s domain does not permit every host, and the domain is not one of a swarm of new subdomains.',
    reasons: ['rogue-domain'],
    ofStrangers: true,
    listeners: ['inbound'],
    stages: ['rcpt'],
    mode,
    onFailure: 'accept',
    countsAttempts: ['rcpt'],
    asks: step => (domain(step) === '' ? [] : [{ about: 'spf-breadth', domain: domain(step) }]),
    counts: step => {
      const name = domain(step)
      if (name === '') return []
      const organisation = organisationalDomain(name)
      return [
        { op: 'mark', key: `domain-seen:${organisation}`, ttl: REMEMBERED },
        {
          op: 'distinct',
          key: `subdomains:${organisation}`,
          members: name === organisation ? [] : [name],
          window: DAY,
        },
      ]
    },
    decide: (step, known) => decide(step.at, known, settings),
  }
}

function decide(at: number, known: Known, settings: RogueDomainSettings): Verdict | undefined {
  const rogue: Verdict = { kind: 'reject', reason: 'rogue-domain' }
  if ((firstAnswer('spf-breadth', known.facts) ?? 0) > settings.widest) return rogue
  const [seen, subdomains] = known.readings
  const isNew = at - (seen?.first ?? at) < settings.newFor
  return isNew && (subdomains?.value ?? 0) > settings.swarm ? rogue : undefined
}
