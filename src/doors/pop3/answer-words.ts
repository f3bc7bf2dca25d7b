// What became of a letter, in this protocol's words: +OK, or -ERR with a response code of RFC 3206 and a sentence for the person who reads
// it. Pure.

import { inAscii, type Refusal, type Submitted, takenWords } from '../../gateway/submitted.ts'
import { REASONS } from '../../model/reason.ts'

/** RFC 1939 §3: a response has 512 octets at most; code, token and line end need the rest. */
const MAX_SENTENCE = 430

/** SYS/TEMP: the same may be taken later. */
export const refusalWords = (refusal: Refusal): string => {
  if (refusal.kind === 'cannot') return `-ERR [SYS/PERM] Not sent: ${sentenceOf(refusal.why)}`
  const { kind, reason, help } = refusal
  const { token, sentence } = REASONS[reason]
  const more = help === undefined ? '' : ` (${help})`
  const code = kind === 'defer' ? 'SYS/TEMP' : 'SYS/PERM'
  return `-ERR [${code}] Not sent: ${sentenceOf(`${sentence}${more}`)} (${token})`
}

export const answerWords = (outcome: Submitted): string =>
  outcome.taken ? `+OK ${takenWords(outcome)}` : refusalWords(outcome)

const sentenceOf = (text: string): string => inAscii(text).slice(0, MAX_SENTENCE)
