// The answer to one SMTP step.

import type { Reason } from './reason.ts'

export type Verdict =
  /** `skipRules`: rules that are not asked any more, or all that are asked of strangers. `alarm`: what an operator should hear of. */
  | {
      readonly kind: 'accept'
      readonly skipRules?: 'strangers' | readonly string[]
      /** Recipients that are replaced, and the address in place of each. */
      readonly redirect?: Readonly<Record<string, string>>
      readonly alarm?: { readonly about: string; readonly words: string }
    }
  /** `help`: what was found, and where the refused sender can read more; one line, printable. */
  | {
      readonly kind: 'defer' | 'reject' | 'discard'
      readonly reason: Reason
      readonly help?: string
    }
  /** `help`: which limit it is over and by how much, for its owner and for staff; one line, printable. */
  | {
      readonly kind: 'hold'
      readonly reason: Reason
      /** Unix time, ms: it is held no longer. */
      readonly until: number
      readonly help?: string
    }

export const ACCEPT: Verdict = Object.freeze({ kind: 'accept' })

export type HeaderChanges = {
  /** Complete fields to put in front, each line ended by CR LF. */
  readonly add: string
  /** Which fields are not to stay: the first of its name is 1. */
  readonly forged: readonly { readonly name: string; readonly which: number }[]
}

/** What a door is told: the verdict, the rule that gave it, and what it may print beside it. */
export type Judgement = {
  readonly verdict: Verdict
  /** The rule (or `evidence`) that decided; absent when nothing objected. */
  readonly rule?: string
  /** Rules in observe mode that would have refused. */
  readonly observed?: readonly string[]
  /** Queue id, once there is one. */
  readonly message?: string
  /** For a server that keeps the message itself: what is to be changed in its header. */
  readonly header?: HeaderChanges
}
