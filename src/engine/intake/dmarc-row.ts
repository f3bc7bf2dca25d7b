// What the domain in From hears of a message (RFC 9990): what was asked for, what became of it, and why that is something else.

import type { Authentication } from '../../model/authentication.ts'
import type { DmarcApplied, DmarcRow } from '../../model/dmarc-row.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Message } from './examine.ts'

/** Undefined where the domain asks for no report, or the message is deferred: it comes again. */
export function dmarcRow(
  { step, summary }: Pick<Message, 'step' | 'summary'>,
  verdict: Pick<Verdict, 'kind'>,
): DmarcRow | undefined {
  const { authentication, client } = step
  if (!authentication?.forReport || verdict.kind === 'defer') return undefined
  return {
    ...authentication.forReport,
    ...applied(authentication, verdict.kind === 'reject' || verdict.kind === 'discard'),
    ip: client.address,
    // RFC 9990 gives the subject.
    ...(/^Report[\s]+Domain:/i.test(summary.subject) ? { isReport: true as const } : {}),
  }
}

function applied(
  { dmarc: { policy }, arc, forReport }: Authentication,
  isRefused: boolean,
): DmarcApplied {
  const asked = policy === 'unknown' ? 'none' : policy
  if (forReport?.dkim || forReport?.spf)
    return { disposition: asked === 'none' ? 'none' : 'pass', reasons: [] }
  const tested = forReport?.published.testing ? [{ type: 'policy_test_mode' as const }] : []
  if (asked === 'reject' && isRefused) return { disposition: 'reject', reasons: [] }
  if (isRefused)
    return {
      disposition: 'none',
      reasons: [
        ...tested,
        { type: 'local_policy', comment: 'refused here for another reason than DMARC' },
      ],
    }
  if (asked === 'none') return { disposition: 'none', reasons: tested }
  const isForwarded = asked === 'reject' && arc.result === 'pass' && arc.dmarcBefore === 'pass'
  return {
    disposition: 'none',
    reasons: [
      ...tested,
      isForwarded
        ? { type: 'trusted_forwarder', comment: `sealed by ${arc.sealer ?? 'a server'}` }
        : {
            type: 'local_policy',
            comment:
              asked === 'quarantine'
                ? 'marked dmarc=fail in Authentication-Results, which the mailbox reads'
                : 'refusing is turned off here',
          },
    ],
  }
}
