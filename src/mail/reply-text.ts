// The text of a refusal for SMTP, milter and policy service: reply code (RFC 5321), enhanced status code (RFC 3463), the token of the
// reason, and a sentence.

import { type Reason, REASONS, type ReasonText } from '../model/reason.ts'

/** `550 5.7.1 [token] Sentence`, and the URL of the page that explains it, without a line end. */
export function refusalText(reason: Reason, kind: 4 | 5, help?: string): string {
  const text: ReasonText = REASONS[reason]
  const code = kind === 5 ? text.reject : text.defer
  const more = help === undefined ? '' : ` (${help})`
  return `${code} ${kind}.${text.status} [${text.token}] ${text.sentence}${more}`
}
