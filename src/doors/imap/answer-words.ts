// What became of a letter, in this protocol's words: OK, or NO with a response code of RFC 5530 and a sentence for the person who reads it. Pure.

import { inAscii, type Submitted, takenWords } from '../../gateway/submitted.ts'
import { type Reason, REASONS } from '../../model/reason.ts'

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

/** Behind the tag. */
export function answerWords(outcome: Submitted): string {
  if (outcome.taken && outcome.isUnfinished)
    return `NO [CANNOT] It was sent, and is still where it was: it could not be moved. ${takenWords(outcome)}`
  if (outcome.taken) return `OK ${takenWords(outcome)}`
  if (outcome.kind === 'cannot') return `NO [CANNOT] Not sent: ${inAscii(outcome.why)}`
  const { kind, reason, help } = outcome
  const code = kind === 'defer' ? 'UNAVAILABLE' : (CODES[reason] ?? 'CANNOT')
  const { token, sentence } = REASONS[reason]
  const more = help === undefined ? '' : ` (${help})`
  return `NO [${code}] Not sent: ${inAscii(`${sentence}${more}`)} (${token})`
}
