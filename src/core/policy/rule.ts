// The shape of a rule: a pure function of one SMTP step. One file per rule in this folder; the order in
// which they are evaluated is in `shipped-rules.ts`. Look-ups and counting are done by the engine, in batches.

import type { Op, Reading } from '../../model/counter.ts'
import type { Event } from '../../model/event.ts'
import type { Fact, Question } from '../../model/question.ts'
import type { Reason } from '../../model/reason.ts'
import type { AttributedStep, ListenerKind, Stage } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'

export type Mode = 'enforce' | 'observe' | 'off'

export type Rule = {
  readonly name: string
  /** One sentence for docs/rules.md. */
  readonly about: string
  /** Reasons with which it may refuse, defer or hold. */
  readonly reasons: readonly Reason[]
  /** Evaluated for clients from outside only, so that an access list can exempt one of them. */
  readonly ofStrangers?: true
  readonly listeners: readonly ListenerKind[]
  readonly stages: readonly Stage[]
  readonly mode: Mode
  /** What happens when a look-up or the counter store fails and the rule has nothing to say without it. */
  readonly onFailure: 'accept' | 'defer'
  /** Its look-ups are made, and it is decided, before all else: it may exempt a client from the others. */
  readonly first?: true
  /** Its look-ups are made when no other look-up led to a refusal: a client that the others refuse learns nothing of it. */
  readonly last?: true
  /** Look-ups, asked only if nothing refused yet. */
  readonly asks?: (step: AttributedStep) => readonly Question[]
  /** At these stages its counting is of attempts, whatever becomes of them: taken before anything looked up is decided. */
  readonly countsAttempts?: readonly Stage[]
  /** Counter operations, likewise; peeked at RCPT, taken once when the message is committed. */
  readonly counts?: (step: AttributedStep, facts: readonly Fact[]) => readonly Op[]
  /** What the rule remembers of its own refusal, at once: a message that is deferred at RCPT never commits. */
  readonly remembers?: (step: AttributedStep, known: Known) => readonly Op[]
  /** What happened to mail later, and says something of those it concerns. */
  learns?(event: Event): readonly Op[]
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
