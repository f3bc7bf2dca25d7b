// What is said of a message whose check did not come to its end: out of time, or mailauth threw. Nothing is known of its signatures, and
// that is said; the domains it may come from are still asked for their policy, with a time of its own.

import type { Authentication } from '../../model/authentication.ts'
import type { Dns } from '../lookups/node-resolver.ts'
import { domainsIn, MAX_AUTHORS } from './author-domains.ts'
import { authorResult } from './author-results.ts'

/** For what the domains in From want, in ms. */
const BUDGET = 5000

export async function unchecked(
  authors: readonly string[],
  { ourName, dns, cause }: { readonly ourName: string; readonly dns: Dns; readonly cause: string },
): Promise<Authentication> {
  const domains = [...new Set(authors.flatMap(domainsIn))]
  const policy = await policyOf(domains, dns)
  const of = policy.domain === '' ? '' : ` header.from=${policy.domain}`
  return {
    spf: { result: 'temperror', domain: '' },
    dkim: [],
    dmarc: { result: 'temperror', ...policy },
    arc: { result: 'none' },
    unchecked: cause,
    header: `Authentication-Results: ${ourName};\r\n spf=temperror;\r\n dkim=temperror;\r\n dmarc=temperror reason="not checked"${of}\r\n`,
  }
}

/** As if nothing had passed: what they want is the same. */
async function policyOf(
  domains: readonly string[],
  dns: Dns,
): Promise<Pick<Authentication['dmarc'], 'domain' | 'policy'>> {
  const [domain = ''] = domains
  if (domains.length === 0 || domains.length > MAX_AUTHORS) return { domain, policy: 'unknown' }
  const found = await authorResult(domains, { spf: [], dkim: [] }, { dns, budget: BUDGET }).catch(
    () => undefined,
  )
  if (!found) return { domain, policy: 'unknown' }
  const { policy } = found
  const isWord = policy === 'reject' || policy === 'quarantine' || policy === 'none'
  return { domain: found.domain, policy: isWord ? policy : 'unknown' }
}
