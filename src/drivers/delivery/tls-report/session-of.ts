// What a connection to a mail server was, in the words of RFC 8460 §4.3.

import type { TlsFailure, TlsSession } from '../../../model/tls-session.ts'
import type { Hop } from '../hop.ts'

/** `unsafe`: a handshake, or STARTTLS, that failed, in words. `clear`: no TLS. */
export type TlsOutcome =
  | { readonly kind: 'clear' }
  | { readonly kind: 'unsafe'; readonly words: string }
  /** `distrusted`: why the certificate is not one for this server that is valid now. */
  | { readonly kind: 'tls'; readonly distrusted?: string }

/** Undefined where no policy is known of: a server that the operator wrote down. */
export function sessionOf(
  { host, reported, dane }: Hop,
  outcome: TlsOutcome,
): TlsSession | undefined {
  if (!reported) return undefined
  const { policy, mx, unnamed } = reported
  const failed = (type: TlsFailure): TlsSession => ({ policy, failure: { type, mx, ip: host } })
  if (outcome.kind === 'clear') return failed('starttls-not-supported')
  if (outcome.kind === 'unsafe') return failed(failureIn(outcome.words))
  // What was enforced was good, or it would not be open.
  if (dane || !policy.tests) return { policy }
  if (unnamed) return failed('validation-failure')
  return outcome.distrusted === undefined ? { policy } : failed(failureIn(outcome.distrusted))
}

/** Words of OpenSSL, of Node and of ours, which are not the same in all versions. */
function failureIn(words: string): TlsFailure {
  if (/not support|starttls/i.test(words)) return 'starttls-not-supported'
  if (/altname|host ?name/i.test(words)) return 'certificate-host-mismatch'
  if (/expired|not yet valid/i.test(words)) return 'certificate-expired'
  if (/self.?signed|issuer|unable to|untrusted|verify/i.test(words))
    return 'certificate-not-trusted'
  return 'validation-failure'
}

/** Of a policy of MTA-STS that could not be fetched. */
export function stsFailureIn(words: string): TlsFailure {
  if (words.startsWith('the policy of')) return 'sts-policy-invalid'
  const type = failureIn(words)
  return type === 'validation-failure' ? 'sts-policy-fetch-error' : 'sts-webpki-invalid'
}
