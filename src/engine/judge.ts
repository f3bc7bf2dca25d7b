// May this step go on? Rules without look-ups first, then all look-ups at once, then all counters at once;
// the first refusal ends it. No rule is run twice for a step, and none sees a clock or a socket.

import type { Fact, Known, Over, Question, Rule } from '../core/policy/rule.ts'
import { NOTHING_KNOWN } from '../core/policy/rule.ts'
import type { Counted, Op } from '../model/counter.ts'
import {
  type AttributedStep,
  type ListenerKind,
  LISTENERS,
  type Stage,
  STAGES,
  type Step,
} from '../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../model/verdict.ts'
import type { Counters } from '../ports/counters.ts'
import type { Engine } from '../ports/engine.ts'
import type { Recipients } from '../ports/recipients.ts'
import { type Attribution, attribute } from './attribute.ts'

export type JudgeParts = Attribution & {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  readonly recipients: Recipients
  readonly report: Engine['report']
}

const NO_FACTS: readonly Fact[] = Object.freeze([])
const ACCEPTED: Judgement = Object.freeze({ verdict: ACCEPT })

type Phases = {
  readonly plain: readonly Rule[]
  readonly asking: readonly Rule[]
  readonly counting: readonly Rule[]
  readonly countingToObserve: readonly Rule[]
}

export type Judge = {
  judge(step: Step): Promise<Judgement>
  /** The same for a step whose author is known already; `take` counts it for good. */
  judgeAttributed(step: AttributedStep, mode: 'peek' | 'take'): Promise<Judgement>
  /** From the next step on. */
  replaceRules(rules: readonly Rule[]): void
}

export function createJudge(parts: JudgeParts): Judge {
  let table = phaseTable(parts.rules)
  async function judgeAttributed(step: AttributedStep, mode: 'peek' | 'take'): Promise<Judgement> {
    const phases = table[step.listener][step.stage]
    const observed: string[] = []
    const consider = (rule: Rule, verdict: Verdict | undefined): Judgement | undefined => {
      if (!verdict || verdict.kind === 'accept') return undefined
      announce(parts, step, rule, verdict)
      if (rule.mode === 'enforce') return { verdict, rule: rule.name }
      observed.push(rule.name)
      return undefined
    }
    for (const rule of phases.plain) {
      const ended = consider(rule, rule.decide(step, NOTHING_KNOWN))
      if (ended) return ended
    }
    for (const { rule, facts } of await answers(parts.recipients, phases.asking, step)) {
      const ended = consider(rule, withFacts(rule, step, facts))
      if (ended) return ended
    }
    // Rules that only observe count apart: what they find must not keep the others from counting.
    for (const rules of [phases.counting, phases.countingToObserve]) {
      if (rules.length === 0) continue
      const ended = await count(parts.counters, { step, mode, rules, consider })
      if (ended) return ended
    }
    return observed.length === 0 ? ACCEPTED : { verdict: ACCEPT, observed }
  }

  return {
    judge: step => judgeAttributed(attribute(parts, step), 'peek'),
    judgeAttributed,
    replaceRules: rules => {
      table = phaseTable(rules)
    },
  }
}

/** Which rules are asked in which phase, for every listener and stage: worked out once. */
function phaseTable(rules: readonly Rule[]): Record<ListenerKind, Record<Stage, Phases>> {
  const phasesOf = (listener: ListenerKind, stage: Stage): Phases => {
    const mine = rules.filter(
      rule => rule.listeners.includes(listener) && rule.stages.includes(stage),
    )
    return {
      plain: mine.filter(rule => !rule.asks && !rule.counts),
      asking: mine.filter(rule => rule.asks && !rule.counts),
      counting: mine.filter(rule => rule.counts && rule.mode === 'enforce'),
      countingToObserve: mine.filter(rule => rule.counts && rule.mode === 'observe'),
    }
  }
  const stages = (listener: ListenerKind) =>
    Object.fromEntries(STAGES.map(stage => [stage, phasesOf(listener, stage)])) as Record<
      Stage,
      Phases
    >
  return Object.fromEntries(LISTENERS.map(kind => [kind, stages(kind)])) as Record<
    ListenerKind,
    Record<Stage, Phases>
  >
}

type Counting = {
  readonly step: AttributedStep
  readonly mode: 'peek' | 'take'
  readonly rules: readonly Rule[]
  readonly consider: (rule: Rule, verdict: Verdict | undefined) => Judgement | undefined
}

/** One batch for all rules: all of it counts, or none. */
async function count(counters: Counters, counting: Counting): Promise<Judgement | undefined> {
  const { step, rules } = counting
  const perRule = rules.map(rule => ({ rule, ops: rule.counts?.(step) ?? [] }))
  const ops = perRule.flatMap((one): readonly Op[] => one.ops)
  if (ops.length === 0) return undefined
  const counted = await counters.apply({ at: step.at, mode: counting.mode, ops })
  let from = 0
  for (const { rule, ops: mine } of perRule) {
    const verdict =
      'failed' in counted
        ? onFailure(rule)
        : rule.decide(step, knownOf(counted, { from, to: from + mine.length, at: step.at }))
    const ended = counting.consider(rule, verdict)
    if (ended) return ended
    from += mine.length
  }
  return undefined
}

/** A rule's own part of what a batch has counted. */
function knownOf(
  counted: Exclude<Counted, { failed: string }>,
  part: { readonly from: number; readonly to: number; readonly at: number },
): Known {
  const { refusedBy, resetAt } = counted
  const mine = refusedBy !== undefined && refusedBy >= part.from && refusedBy < part.to
  const over: Over | undefined = mine
    ? { index: refusedBy - part.from, resetAt: resetAt ?? part.at }
    : undefined
  return {
    facts: [],
    readings: counted.readings.slice(part.from, part.to),
    ...(over ? { over } : {}),
  }
}

function withFacts(rule: Rule, step: AttributedStep, facts: readonly Fact[]): Verdict | undefined {
  if (facts.some(fact => 'failed' in fact)) return onFailure(rule)
  return rule.decide(step, { facts, readings: [] })
}

function onFailure(rule: Rule): Verdict | undefined {
  return rule.onFailure === 'defer' ? { kind: 'defer', reason: 'try-later' } : undefined
}

type Answered = { readonly rule: Rule; readonly facts: readonly Fact[] }

/** Every question of every rule, asked in one go; no waiting when there is none. */
function answers(
  recipients: Recipients,
  rules: readonly Rule[],
  step: AttributedStep,
): readonly Answered[] | Promise<readonly Answered[]> {
  const asked = rules.map(rule => ({ rule, questions: rule.asks?.(step) ?? [] }))
  if (asked.every(({ questions }) => questions.length === 0))
    return rules.map(rule => ({ rule, facts: NO_FACTS }))
  return Promise.all(
    asked.map(async ({ rule, questions }) => ({
      rule,
      facts: await Promise.all(questions.map(one => look(recipients, one))),
    })),
  )
}

async function look(recipients: Recipients, question: Question): Promise<Fact> {
  try {
    return { value: (await recipients.find(question.address)) !== undefined }
  } catch (error) {
    return { failed: String(error) }
  }
}

function announce(
  parts: Pick<JudgeParts, 'report'>,
  step: AttributedStep,
  rule: Rule,
  verdict: Verdict,
): void {
  // A hold is announced when the message is safe on disk; at RCPT it is only a forecast.
  if (verdict.kind === 'accept' || verdict.kind === 'hold') return
  parts.report({
    kind: 'judged',
    at: step.at,
    who: step.who,
    listener: step.listener,
    stage: step.stage,
    rule: rule.name,
    reason: verdict.reason,
    verdict: verdict.kind,
    ...(rule.mode === 'observe' ? { observed: true as const } : {}),
  })
}
