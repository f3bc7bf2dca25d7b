// Fetches what a domain asks of those who send it mail (RFC 8461 §3.3): over HTTPS from a host of its own, whose certificate must be good. Redirects are
// not followed.

import {
  isStsType,
  parseStsPolicy,
  STS_PATH,
  type StsPolicy,
} from '../../../mail/mta-sts-policy.ts'
import type { Resolver } from '../../../ports/resolver.ts'
import { queryName } from '../../lookups/query-name.ts'
import { webPage } from '../../lookups/web-page.ts'

export type FetchedPolicy = { readonly policy: StsPolicy } | { readonly wrong: string }

export type PolicyFetchParts = {
  readonly resolver: Pick<Resolver, 'addresses'>
  /** PEM; trusted beside the usual ones. */
  readonly authorities?: readonly string[]
  /** 443, but for tests. */
  readonly port?: number
}

const HTTPS = 443
/** Addresses of the host that are tried. */
const MAX_ADDRESSES = 2

/** Never rejects. */
export async function fetchPolicy(
  domain: string,
  { resolver, authorities = [], port = HTTPS }: PolicyFetchParts,
  signal: AbortSignal,
): Promise<FetchedPolicy> {
  const name = queryName(`mta-sts.${domain}`)
  if (name === undefined) return { wrong: `mta-sts.${domain} is no legal name` }
  const found = await resolver.addresses(name)
  if ('failed' in found) return { wrong: `the DNS does not answer for ${name}` }
  const addresses = found.value.toSorted(
    (a, b) => Number(a.includes(':')) - Number(b.includes(':')),
  )
  let wrong = `${name} has no address`
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const place = { name, path: STS_PATH, address, port, authorities, agent: 'cordon' }
    const page = await webPage(place, signal)
    if ('broken' in page) return { wrong: `${name}: ${page.broken}` }
    if ('value' in page) return policyIn(page.value, name)
    wrong = `${name}: ${page.unknown}`
  }
  return { wrong }
}

function policyIn(
  { status, type, text }: { readonly status: number; readonly type: string; readonly text: string },
  name: string,
): FetchedPolicy {
  if (status !== 200) return { wrong: `${name} answers ${status}` }
  if (!isStsType(type)) return { wrong: `${name} serves ${type.slice(0, 100) || 'no type'}` }
  const read = parseStsPolicy(text)
  return 'wrong' in read ? { wrong: `the policy of ${name}: ${read.wrong}` } : read
}
