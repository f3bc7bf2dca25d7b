// Checks DKIM (RFC 6376), DMARC (RFC 9989) and ARC (RFC 8617) with mailauth, and writes what it found into a header
// (RFC 8601). Loaded when the first message from outside comes.

import type { Authentication } from '../../model/authentication.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Authenticator } from '../../ports/authenticator.ts'
import type { Dns } from '../lookups/node-resolver.ts'
import { queryName } from '../lookups/query-name.ts'
import { believed, dmarcBefore } from './believed.ts'
import { forReport } from './for-report.ts'
import { checked } from './mailauth.ts'
import type { MailauthResult } from './mailauth-result.ts'
import { MAX_SIGNATURES } from './bounded-header.ts'
import { knownPolicies } from './known-policies.ts'
import { resultHeader } from './result-header.ts'
import { unchecked } from './unchecked.ts'

export type AuthenticatorParts = {
  readonly ourName: string
  readonly dns: Dns
}

/** All of it, in ms: the client waits for our reply to its message, ten minutes at most (RFC 5321 §4.5.3.2.6). */
const BUDGET = 15_000
/** Ten of SPF (RFC 7208 §4.6.4), a key for each signature and seal of an honest message, and DMARC. */
const MAX_QUESTIONS = 40

export function messageAuthenticator({ ourName, dns }: AuthenticatorParts): Authenticator {
  const policies = knownPolicies()
  const asked = { dns, ourName, questions: MAX_QUESTIONS, budget: BUDGET }
  return {
    check: async (from, body) => {
      const authentication = await checked(body, { ...asked, from }).then(
        result => summary(ourName, result, from.sender),
        error => unchecked(from.authors, { ourName, dns, cause: String(error) }),
      )
      const { dmarc } = authentication
      return { ...authentication, dmarc: policies.complete(dmarc, from.sender) }
    },
  }
}

function summary(ourName: string, found: MailauthResult, sender: string): Authentication {
  const { spf, dkim } = found
  const words = believed(found)
  const { policy } = words
  const before = dmarcBefore(found)
  const told = forReport(found, words, sender)
  return {
    spf: spf
      ? { result: spf.status.result, domain: (spf.domain ?? '').toLowerCase() }
      : { result: 'none', domain: '' },
    dkim: (dkim.results ?? []).slice(0, MAX_SIGNATURES).map(({ signingDomain = '' }, i) => ({
      result: words.dkim[i] ?? 'none',
      // As it was asked for, so that it compares with the domain of an address.
      domain: (queryName(signingDomain) ?? signingDomain).toLowerCase(),
    })),
    dmarc: {
      result: words.dmarc,
      domain: words.author || domainOf(`@${dkim.headerFrom?.[0]?.split('@').at(-1) ?? ''}`),
      policy:
        policy === 'reject' || policy === 'quarantine' || policy === 'unknown' ? policy : 'none',
    },
    arc: {
      result: words.arc,
      ...(words.sealer === undefined ? {} : { sealer: words.sealer }),
      ...(before ? { dmarcBefore: before } : {}),
    },
    ...(told ? { forReport: told } : {}),
    header: resultHeader(ourName, found, words),
  }
}
