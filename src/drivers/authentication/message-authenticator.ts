// Checks DKIM (RFC 6376), DMARC (RFC 9989) and ARC (RFC 8617) with mailauth, and writes what it found into a header
// (RFC 8601). Loaded when the first message from outside comes.

import { Readable } from 'node:stream'
import type { Authentication } from '../../model/authentication.ts'
import { domainOf } from '../../model/mail-address.ts'
import type { Authenticator } from '../../ports/authenticator.ts'
import { askedWithin, nodeResolver } from '../lookups/node-resolver.ts'
import { within } from '../within.ts'

export type AuthenticatorParts = {
  readonly ourName: string
  /** DNS servers; the system's own when empty. */
  readonly resolvers: readonly string[]
}

/** One question to the DNS, in ms. */
const PATIENCE = 2000
/** All of it: the client waits for our reply to its message, ten minutes at most (RFC 5321 §4.5.3.2.6). */
const BUDGET = 15_000
const MAX_SIGNATURES = 10
/** Ten of SPF (RFC 7208 §4.6.4), a key for each signature and seal of an honest message, and DMARC. */
const MAX_QUESTIONS = 40
/** RFC 5322 §2.1.1 allows long headers, but what is said of ten signatures fits in this. */
const MAX_HEADER = 16 * 1024

export function messageAuthenticator({ ourName, resolvers }: AuthenticatorParts): Authenticator {
  const dns = nodeResolver(resolvers, PATIENCE)
  return {
    check: async ({ address, helo, sender }, body) => {
      try {
        const { authenticate } = await import('mailauth')
        const found = await within(
          BUDGET,
          authenticate(Readable.from(body), {
            ip: address,
            helo,
            sender,
            mta: ourName,
            resolver: askedWithin(dns, { questions: MAX_QUESTIONS, budget: BUDGET }),
            disableBimi: true,
            // RFC 8301 §3.1.
            rejectRsaSha1: true,
          }),
        )
        return summary(found)
      } catch (error) {
        return { failed: String(error) }
      }
    },
  }
}

type Found = Awaited<ReturnType<typeof import('mailauth').authenticate>>

function summary(found: Found): Authentication {
  const { spf, dkim, dmarc, arc } = found
  const policy = dmarc === false ? undefined : dmarc.policy
  const seal = arc === false ? undefined : arc.signature
  const sealer = seal ? seal.signingDomain : undefined
  const before = arc === false ? undefined : arc.authenticationResults?.dmarc?.result
  return {
    spf: spf
      ? { result: spf.status.result, domain: (spf.domain ?? '').toLowerCase() }
      : { result: 'none', domain: '' },
    dkim: (dkim.results ?? []).slice(0, MAX_SIGNATURES).map(({ status, signingDomain }) => ({
      result: status.result,
      domain: (signingDomain || '').toLowerCase(),
    })),
    dmarc: {
      result: dmarc === false ? withoutDmarc(found) : dmarc.status.result,
      domain: domainOf(`@${dkim.headerFrom?.[0]?.split('@').at(-1) ?? ''}`),
      policy: policy === 'reject' || policy === 'quarantine' ? policy : 'none',
    },
    arc: {
      result: arc === false ? 'none' : arc.status.result,
      ...(sealer ? { sealer: sealer.toLowerCase() } : {}),
      ...(before ? { dmarcBefore: before } : {}),
    },
    header: safe(found.headers),
  }
}

/** More than one From field is a way round DMARC; several authors in one are lawful, and without any there is nobody to ask. */
const withoutDmarc = ({ dmarcSkipReason }: Found): string =>
  dmarcSkipReason === 'multiple-from-fields' ? 'several' : 'none'

/** What others put into their names and records stands in it: nothing of that may begin a field or the body. */
function safe(header: string): string {
  const lines = header.split('\r\n')
  const last = lines.pop()
  const fields = lines.every(line =>
    /^(?:(?:Received-SPF|Authentication-Results): |[ \t]+\S)/.test(line),
  )
  const plain = !/[\r\n\0]/.test(lines.join(''))
  if (last !== '' || !fields || !plain || header.length > MAX_HEADER) return ''
  // RFC 8601 §5: above Received-SPF, which is a trace field, too.
  const results = Math.max(
    0,
    lines.findIndex(line => line.startsWith('Authentication-Results:')),
  )
  return [...lines.slice(results), ...lines.slice(0, results), ''].join('\r\n')
}
