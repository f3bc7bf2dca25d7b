// What became of a letter that was handed in, before a protocol has words for it.

import type { Reason } from '../model/reason.ts'
import type { Verdict } from '../model/verdict.ts'

/**
 * `already`: it was taken before, at this time, and is not sent a second time. `isUnfinished`: it was taken, but what else the command asks for
 * was not done.
 */
export type Submitted =
  | {
      readonly taken: true
      readonly message?: string | undefined
      readonly at: number
      readonly already?: true
      readonly isUnfinished?: true
    }
  | Refusal

export type Refusal =
  | {
      readonly taken: false
      readonly kind: 'reject' | 'defer'
      readonly reason: Reason
      readonly help?: string | undefined
    }
  /** Of what no rule was asked about: for its author. */
  | { readonly taken: false; readonly kind: 'cannot'; readonly why: string }

export const cannot = (why: string): Refusal => ({ taken: false, kind: 'cannot', why })

export const refused = (reason: Reason, kind: 'reject' | 'defer', help?: string): Refusal => ({
  taken: false,
  kind,
  reason,
  help,
})

export const tryLater: Refusal = refused('try-later', 'defer')

export const isRefused = (
  verdict: Verdict,
): verdict is Verdict & { readonly kind: 'reject' | 'defer' } =>
  verdict.kind === 'reject' || verdict.kind === 'defer'

/** What is said behind OK. */
export function takenWords({ message, at, already }: Extract<Submitted, { taken: true }>): string {
  const queued = message === undefined ? '' : `: queued as ${message}`
  if (!already) return `Accepted${queued}`
  return `Accepted already at ${new Date(at).toISOString()}, and not sent a second time${queued}`
}

/** Responses of IMAP (RFC 3501 §9) and POP3 (RFC 1939 §3) are ASCII, in one line; theirs may be long, and people read them. */
export const inAscii = (text: string): string => text.replaceAll(/[^ -~]/g, '?').slice(0, LONGEST)

/** Characters; no sentence of ours is longer. */
const LONGEST = 900
