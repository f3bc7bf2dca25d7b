// The counting of rules: of attempts, each rule for itself, and of mail that is let by, all rules together or not at all.

import type { Known, Over, Rule } from '../core/policy/rule.ts'
import type { Counted, Op } from '../model/counter.ts'
import type { Fact } from '../model/question.ts'
import type { AttributedStep } from '../model/step.ts'
import type { Verdict } from '../model/verdict.ts'
import type { Counters } from '../ports/counters.ts'
import { type LookedUp, NO_FACTS } from './look-up.ts'

export type Counting<Ended> = {
  readonly step: AttributedStep
  readonly facts: LookedUp
  readonly mode: 'peek' | 'take'
  readonly rules: readonly Rule[]
  readonly consider: (rule: Rule, verdict: Verdict | undefined) => Ended | undefined
}

/** Every rule for itself: nothing here has a limit that could refuse the others' counting. */
export async function attempts(
  counters: Counters,
  { step, rules, facts }: Pick<Counting<never>, 'step' | 'rules' | 'facts'>,
): Promise<ReadonlyMap<Rule, Verdict | undefined>> {
  const verdicts = new Map<Rule, Verdict | undefined>()
  for (const rule of rules) {
    const known = facts.get(rule) ?? NO_FACTS
    const ops = rule.counts?.(step, known) ?? []
    if (ops.length === 0) continue
    const counted = await counters.apply({ at: step.at, mode: 'take', ops })
    const verdict =
      'failed' in counted
        ? onFailure(rule)
        : rule.decide(step, { facts: known, readings: counted.readings })
    verdicts.set(rule, verdict)
  }
  return verdicts
}

/** One batch for all rules: all of it counts, or none. Where the step itself commits, it is looked at before it counts. */
export async function count<Ended>(
  counters: Counters,
  counting: Counting<Ended>,
): Promise<Ended | undefined> {
  const { step, rules } = counting
  const perRule = rules.map(rule => {
    const facts = counting.facts.get(rule) ?? NO_FACTS
    return { rule, facts, ops: rule.counts?.(step, facts) ?? [] }
  })
  // Most often there is one.
  const [only] = perRule
  const ops =
    perRule.length === 1 && only ? only.ops : perRule.flatMap((one): readonly Op[] => one.ops)
  if (ops.length === 0) return undefined
  const looks = step.commits && counting.mode === 'take' && rules.some(rule => rule.remembers)
  const mode = looks ? 'peek' : counting.mode
  const counted = await counters.apply({ at: step.at, mode, ops })
  let from = 0
  for (const { rule, facts, ops: mine } of perRule) {
    const known: Known | undefined =
      'failed' in counted
        ? undefined
        : { ...knownOf(counted, { from, to: from + mine.length, at: step.at }), facts }
    const verdict = known ? rule.decide(step, known) : onFailure(rule)
    const ended = counting.consider(rule, verdict)
    const remembered =
      known && verdict && verdict.kind !== 'accept' ? (rule.remembers?.(step, known) ?? []) : []
    if (remembered.length > 0) await counters.apply({ at: step.at, mode: 'take', ops: remembered })
    if (ended) return ended
    from += mine.length
  }
  if (looks) await counters.apply({ at: step.at, mode: 'take', ops })
  return undefined
}

/** A rule's own part of what a batch has counted. */
function knownOf(
  counted: Exclude<Counted, { failed: string }>,
  part: { readonly from: number; readonly to: number; readonly at: number },
): Omit<Known, 'facts'> {
  const { refusedBy, resetAt } = counted
  const mine = refusedBy !== undefined && refusedBy >= part.from && refusedBy < part.to
  const over: Over | undefined = mine
    ? { index: refusedBy - part.from, resetAt: resetAt ?? part.at }
    : undefined
  const { readings } = counted
  return {
    readings:
      part.from === 0 && part.to === readings.length
        ? readings
        : readings.slice(part.from, part.to),
    ...(over ? { over } : {}),
  }
}

export function withFacts(
  rule: Rule,
  step: AttributedStep,
  facts: readonly Fact[],
): Verdict | undefined {
  const verdict = rule.decide(step, { facts, readings: [] })
  return verdict ?? (facts.some(fact => 'failed' in fact) ? onFailure(rule) : undefined)
}

export function onFailure(rule: Rule): Verdict | undefined {
  return rule.onFailure === 'defer' ? { kind: 'defer', reason: 'try-later' } : undefined
}
