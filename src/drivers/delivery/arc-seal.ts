// Seals mail that is only passed on (ARC, RFC 8617): what we found of SPF, DKIM and DMARC when it came in, signed by us,
// so that the next server can believe the sender although the mail comes from here. mailauth does the work.

import type { SigningKeys } from '../../mail/dkim-sign.ts'
import { withShortLines } from '../../mail/long-lines.ts'
import { cameFrom } from '../../mail/trace.ts'
import type { Claim } from '../../ports/spool.ts'
import { believed, disbelieves } from '../authentication/believed.ts'
import { checked } from '../authentication/mailauth.ts'
import type { Dns } from '../lookups/node-resolver.ts'

export type ArcParts = {
  /** The first of them seals: RSA, which every receiver knows. */
  readonly keys: SigningKeys
  readonly ourName: string
  readonly dns: Dns
  readonly trouble: (error: unknown, about: string) => void
}

/** All of it, in ms. A message may bring hundreds of signatures, each with a question to a server of its sender's. */
const BUDGET = 20_000
const MAX_QUESTIONS = 60

/**
 * The lines to put in front of a message. Empty when it cannot be sealed: a broken chain is not for us to mend (RFC 8617
 * §5.1.2), a result that we do not believe is not for us to vouch for, and mail without a seal is better than no mail.
 */
export function arcSealer(parts: ArcParts) {
  return async (claim: Claim, body: AsyncIterable<Uint8Array>): Promise<string> => {
    const from = cameFrom(claim.headers)
    const [key] = parts.keys()
    if (!from || !key) return ''
    const { domain, selector, privateKey } = key
    try {
      // What is sealed is what is sent.
      const found = await checked(withShortLines(body), {
        dns: parts.dns,
        from: { ...from, sender: claim.sender },
        ourName: parts.ourName,
        questions: MAX_QUESTIONS,
        budget: BUDGET,
        seal: { signingDomain: domain, selector, privateKey, ...whenItCame(claim.headers) },
      })
      const { headers, arc } = found
      const failed = arc === false ? undefined : arc.sealErrors?.[0]
      if (failed) parts.trouble(failed, `sealing message ${claim.message}`)
      return disbelieves(found, believed(found)) ? '' : setOf(headers)
    } catch (error) {
      parts.trouble(error, `sealing message ${claim.message}`)
      return ''
    }
  }
}

/**
 * What was found when the message came (RFC 8617 §4.1.1), in the first of the fields that were put in front of it then: a signature may not
 * hold over what is sent (long lines are folded), and its key may be gone. Mail that was not checked then has what is found now.
 */
function whenItCame(headers: string): { readonly authResults?: string } {
  const field = headers.split(/\r\n(?![ \t])/).find(one => RESULTS.test(one))
  return field === undefined ? {} : { authResults: field.replace(RESULTS, '') }
}

const RESULTS = /^Authentication-Results:[ \t]*/i

/** The three fields of the set (RFC 8617 §4.1). Beside them mailauth gives what the message has already: Authentication-Results and Received-SPF. */
const setOf = (headers: string): string =>
  headers
    .split(/\r\n(?![ \t])/)
    .filter(field => /^ARC-/i.test(field))
    .map(field => `${field}\r\n`)
    .join('')
