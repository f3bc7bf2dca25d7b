// What is asked of every SMTP step: the rules as the configuration has them, and where their questions are answered.

import { policyOf } from '../config/policy-of.ts'
import type { Rule } from '../core/policy/rule.ts'
import { shippedRules } from '../core/policy/shipped-rules.ts'
import { dnsLists } from '../drivers/lookups/dns-lists.ts'
import { dnsResolver } from '../drivers/lookups/dns-resolver.ts'
import { geo } from '../drivers/lookups/geo.ts'
import { lookups } from '../drivers/lookups/lookups.ts'
import type { Dns } from '../drivers/lookups/node-resolver.ts'
import { quotaStatus } from '../drivers/lookups/quota-status.ts'
import { spfChecker } from '../drivers/lookups/spf.ts'
import type { Lookups } from '../ports/lookups.ts'
import type { RecordRows } from '../ports/records.ts'
import type { Resolver } from '../ports/resolver.ts'
import type { Directory } from './directory.ts'
import { type DmarcCounting, openDmarcCounts } from './dmarc-reports.ts'
import type { Scope } from './scope.ts'
import type { Chosen, Keys, Settings } from './settings.ts'
import type { World } from './world.ts'

export type Policy = {
  readonly rules: readonly Rule[]
  readonly lookups: Lookups
  readonly resolver: Resolver
  /** Counts what domains in From hear of. */
  readonly dmarc: DmarcCounting
  /** Called with the rules that a reload puts in force. */
  onRules(replace: (rules: readonly Rule[]) => void): void
}

const RULES = {
  hostname: 'restart',
  domains: 'restart',
  rules: 'live',
  limits: 'live',
  access: 'live',
  strangers: 'live',
  attachments: 'live',
  scanners: 'restart',
  quotas: 'live',
  timeZone: 'live',
  recipientDelimiter: 'restart',
  quotaStatus: 'live',
  passwordsAt: 'restart',
} as const satisfies Keys

const GEO = { geo: 'live' } as const satisfies Keys
export const POLICY_READS = [RULES, GEO]

type PolicyNeeds = {
  readonly directory: Directory
  readonly records: RecordRows
  readonly dns: Dns
  readonly world: World
}

export async function openPolicy(
  scope: Scope,
  settings: Settings,
  needs: PolicyNeeds,
): Promise<Policy> {
  const dmarc = await openDmarcCounts(scope, settings, needs)
  return { ...(await openRules(scope, settings, needs)), dmarc }
}

function openRules(
  scope: Scope,
  settings: Settings,
  {
    directory: { recipients, isLocal, tags },
    dns,
    world: { now, trouble, resolver: given },
  }: PolicyNeeds,
): Promise<Omit<Policy, 'dmarc'>> {
  return scope.open('policy', () => {
    const rulesOf = (config: Chosen<typeof RULES>) =>
      shippedRules({
        ...policyOf(config),
        isLocal,
        isOurs: address => recipients.isOurs(address),
        tags,
        ourNames: [config.hostname, ...config.domains],
      })
    const statusOf = ({ quotaStatus: given }: Chosen<typeof RULES>) => given && quotaStatus(given)
    const config = settings.of(RULES, next => {
      const rules = rulesOf(next)
      const status = statusOf(next)
      return () => {
        fullness = status
        replaceRules(rules)
      }
    }).now
    const places = settings.of(GEO, next => {
      const replacement = geo(next.geo)
      return () => void (place = replacement)
    }).now
    let fullness = statusOf(config)
    let place = geo(places.geo)
    let replaceRules: (rules: readonly Rule[]) => void = () => undefined
    const resolver = given ?? dnsResolver(dns, now)
    const lists = dnsLists(resolver, now, words => trouble(new Error(words), 'a DNS list'))
    return {
      rules: rulesOf(config),
      resolver,
      lookups: lookups({
        recipients,
        resolver,
        lists,
        spf: spfChecker(dns, now),
        geo: () => place,
        quotaStatus: () => fullness,
      }),
      onRules: replace => void (replaceRules = replace),
    }
  })
}
