// Verdicts in this protocol's words: NO with a response code of RFC 5530 and a sentence for the person who reads it. Pure.

import { type Reason, REASONS } from '../../model/reason.ts'
import type { Verdict } from '../../model/verdict.ts'

/** Behind the tag. */
export type SendOutcome = { readonly taken: boolean; readonly words: string }

/** RFC 5530 §3; LIMIT where it is too much. What is not named here is CANNOT: no second attempt changes it. */
const CODES: Partial<Readonly<Record<Reason, 'NOPERM' | 'LIMIT' | 'UNAVAILABLE'>>> = {
  'sender-not-yours': 'NOPERM',
  'null-sender': 'NOPERM',
  'login-required': 'NOPERM',
  'login-stopped': 'NOPERM',
  'network-refused': 'NOPERM',
  'line-suspended': 'NOPERM',
  'not-welcome': 'NOPERM',
  'over-limit': 'LIMIT',
  'over-quota': 'LIMIT',
  'message-too-large': 'LIMIT',
  'header-too-large': 'LIMIT',
  'try-later': 'UNAVAILABLE',
  'storage-full': 'UNAVAILABLE',
}

export function refused(reason: Reason, kind: 'reject' | 'defer', help?: string): SendOutcome {
  const code = kind === 'defer' ? 'UNAVAILABLE' : (CODES[reason] ?? 'CANNOT')
  const { token, sentence } = REASONS[reason]
  const more = help === undefined ? '' : ` (${help})`
  return {
    taken: false,
    words: `NO [${code}] Not sent: ${inAscii(`${sentence}${more}`)} (${token})`,
  }
}

/** Of what no rule was asked about. */
export const cannot = (why: string): SendOutcome => ({
  taken: false,
  words: `NO [CANNOT] Not sent: ${inAscii(why)}`,
})

export function outcomeOf(verdict: Verdict, message: string | undefined): SendOutcome {
  if (verdict.kind === 'reject' || verdict.kind === 'defer')
    return refused(verdict.reason, verdict.kind, verdict.help)
  return {
    taken: true,
    words: `OK Accepted${message === undefined ? '' : `: queued as ${message}`}`,
  }
}

/** RFC 3501 §9: the text of a response is ASCII, in one line. */
const inAscii = (text: string): string => text.replaceAll(/[^ -~]/g, '?').slice(0, 900)
