// DMARC for several authors in one From, or for one that readers do not agree about: RFC 9989 §5.3.1 leaves it open. Each domain is
// asked, as if it were the only one, or a second author would be a way round the policy of the first. Each has questions and time of its own, which neither signatures nor the
// servers of another can use up; what cannot be asked is temperror for that domain alone.

import type { DMARCResult } from 'mailauth'
import { awakeTime } from '../awake-time.ts'
import { askedWithin, type Dns } from '../lookups/node-resolver.ts'

export type AuthorResult = {
  readonly domain: string
  readonly result: string
  /** `unknown`: its domain could not be asked. */
  readonly policy: string
  /** Mailauth's words for the header; without them there is only the result. */
  readonly info?: string | undefined
  /** All that mailauth found of that domain. */
  readonly found?: DMARCResult | undefined
}

/** DNS questions for one message: eight for the tree walk of the author domain (RFC 9989 §4.10), the rest for signing subdomains. */
const QUESTIONS = 30

/** What passed: only what we believe. */
export type Passed = { readonly spf: readonly string[]; readonly dkim: readonly string[] }

/** The result that counts. */
export async function authorResult(
  domains: readonly string[],
  passed: Passed,
  { dns, budget }: { readonly dns: Dns; readonly budget: number },
): Promise<AuthorResult> {
  const { dmarc } = await import('mailauth')
  const asked = domains.map(async (domain): Promise<AuthorResult> => {
    const time = awakeTime(budget)
    try {
      const found = await dmarc({
        headerFrom: [domain],
        spfDomains: [...passed.spf],
        dkimDomains: passed.dkim.map(domain => ({ domain })),
        resolver: askedWithin(dns, { questions: QUESTIONS, time }),
        strict: true,
      })
      if (!found) return { domain, result: 'permerror', policy: 'none' }
      const { status, policy, info } = found
      const { result } = status
      return {
        domain,
        result,
        policy: policy ?? (result === 'temperror' ? 'unknown' : 'none'),
        info,
        found,
      }
    } catch {
      return { domain, result: 'temperror', policy: 'unknown' }
    } finally {
      time.end()
    }
  })
  return strictest(await Promise.all(asked))
}

/** What one domain asks for is not undone by another: it passes when all of them pass. */
const ORDER = [
  'fail reject',
  'permerror',
  'temperror reject',
  'temperror unknown',
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
