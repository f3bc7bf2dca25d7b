// DMARC for several authors in one From: RFC 9989 §5.3.1 leaves it open. Each of their domains is asked, as if it were the only one, or
// a second author would be a way round the wish of the first. Each has questions and time of its own, which neither signatures nor the
// servers of another can use up; what cannot be asked is temperror for that domain alone.

import type { DMARCResult } from 'mailauth'
import { askedWithin, type Dns } from '../lookups/node-resolver.ts'
import { isQueryName } from '../lookups/query-name.ts'

export type AuthorResult = {
  readonly domain: string
  readonly result: string
  readonly policy: string
  /** Mailauth's words for the header; without them there is only the result. */
  readonly info?: string | undefined
}

/** Domains; honest mail has one or two. */
const MAX_AUTHORS = 5

/** A walk of eight questions for the domain (RFC 9989 §4.10), and some for those below it that have signed. */
const QUESTIONS = 30

/** What passed: only what we believe. */
export type Passed = { readonly spf: readonly string[]; readonly dkim: readonly string[] }

/** The result that counts. */
export async function authorResult(
  addresses: readonly string[],
  passed: Passed,
  { dns, budget }: { readonly dns: Dns; readonly budget: number },
): Promise<AuthorResult> {
  const authors = new Map(addresses.map(address => [keyOf(address), address]))
  const [first = ''] = authors.keys()
  if (authors.size > MAX_AUTHORS) return { domain: first, result: 'permerror', policy: 'none' }
  const { dmarc } = await import('mailauth')
  const asked = [...authors].map(async ([key, address]): Promise<AuthorResult> => {
    try {
      const found = await dmarc({
        headerFrom: [address],
        spfDomains: [...passed.spf],
        dkimDomains: passed.dkim.map(domain => ({ domain })),
        resolver: askedWithin(dns, { questions: QUESTIONS, budget }),
        strict: true,
      })
      return found ? resultOf(found) : { domain: key, result: 'permerror', policy: 'none' }
    } catch {
      return { domain: key, result: 'temperror', policy: 'none' }
    }
  })
  return strictest(await Promise.all(asked))
}

/** An address that can be read in two ways is never the same as another. */
function keyOf(address: string): string {
  const [, domain = address, ...more] = address.split('@')
  return more.length > 0 ? address : domain.toLowerCase().replace(/\.$/, '')
}

function resultOf({ status, policy, info }: DMARCResult): AuthorResult {
  const domain = (status.header?.from ?? '').replace(/\.$/, '')
  const legal = domain.startsWith('[') || isQueryName(domain)
  return legal
    ? { domain, result: status.result, policy: policy ?? 'none', info }
    : { domain, result: 'permerror', policy: 'none' }
}

/** What one domain asks for is not undone by another: it passes when all of them pass. */
const ORDER = [
  'fail reject',
  'permerror',
  'fail quarantine',
  'temperror',
  'fail',
  'neutral',
  'none',
  'pass',
]

function rank({ result, policy }: AuthorResult): number {
  const exact = ORDER.indexOf(`${result} ${policy}`)
  const rough = ORDER.indexOf(result)
  return exact >= 0 ? exact : rough >= 0 ? rough : 0
}

function strictest(results: readonly AuthorResult[]): AuthorResult {
  const [worst] = results.toSorted((a, b) => rank(a) - rank(b))
  return worst ?? { domain: '', result: 'none', policy: 'none' }
}
