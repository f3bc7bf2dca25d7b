// The shape of a rule: a pure question asked of one SMTP step. One file per rule in this folder; the order in
// which they are asked is in `shipped-rules.ts`. Look-ups and counting are done by the engine, in batches.

import type { Op, Reading } from '../../model/counter.ts'
import type { AttributedStep, ListenerKind, Stage } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'

/** A question whose answer is not in the step. The engine asks them all at once and remembers the answers. */
export type Question = { readonly about: 'recipient'; readonly address: string }

/** A failure is a value: the rule has said in `onFailure` what then happens. */
export type Fact = { readonly value: boolean } | { readonly failed: string }

export type Mode = 'enforce' | 'observe' | 'off'

export type Rule = {
  readonly name: string
  readonly listeners: readonly ListenerKind[]
  readonly stages: readonly Stage[]
  readonly mode: Mode
  /** What happens when a look-up or the counter store fails. */
  readonly onFailure: 'accept' | 'defer'
  /** Look-ups, asked only if nothing refused yet. */
  asks?(step: AttributedStep): readonly Question[]
  /** Counter operations, likewise; peeked at RCPT, taken once when the message is committed. */
  counts?(step: AttributedStep): readonly Op[]
  decide(step: AttributedStep, known: Known): Verdict | undefined
}

/** Answers in the order of this rule's own questions and operations. */
export type Known = {
  readonly facts: readonly Fact[]
  readonly readings: readonly Reading[]
  readonly over?: Over
}

/** Set when one of this rule's operations had no room; `resetAt` is when it would have. */
export type Over = { readonly index: number; readonly resetAt: number }

export const NOTHING_KNOWN: Known = Object.freeze({ facts: [], readings: [] })
