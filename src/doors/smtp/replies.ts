// Verdicts in this protocol's words: RFC 5321 reply codes with RFC 3463 enhanced codes and a machine token.

import { refusalText } from '../../mail/reply-text.ts'
import type { Reason } from '../../model/reason.ts'
import type { Verdict } from '../../model/verdict.ts'

/** `554 5.7.1 [held] …` for a refusal; the given line for everything that goes on. */
export function replyTo(verdict: Verdict, otherwise: string): string {
  if (verdict.kind === 'reject') return refusal(verdict.reason, 5, verdict.help)
  if (verdict.kind === 'defer') return refusal(verdict.reason, 4, verdict.help)
  return otherwise
}

export const refusal = (reason: Reason, kind: 4 | 5, help?: string): string =>
  `${refusalText(reason, kind, help)}\r\n`

export const isRefusal = (verdict: Verdict): boolean =>
  verdict.kind === 'reject' || verdict.kind === 'defer'

/** A reply of several lines: `250-…` up to the last, `250 …`. */
export function multiline(code: number, lines: readonly string[]): string {
  return lines.map((line, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('')
}
