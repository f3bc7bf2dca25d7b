// May this step go on? Rules without look-ups first, then all look-ups at once, then all counters at once;
// the first refusal ends it. No rule is run twice for a step, and none sees a clock or a socket.

import type { Known, Over, Rule } from '../core/policy/rule.ts'
import { NOTHING_KNOWN } from '../core/policy/rule.ts'
import type { Counted, Op } from '../model/counter.ts'
import type { Fact, Question } from '../model/question.ts'
import type { AttributedStep, Step } from '../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../model/verdict.ts'
import type { Counters } from '../ports/counters.ts'
import type { Engine } from '../ports/engine.ts'
import type { Lookups } from '../ports/lookups.ts'
import { type Attribution, attribute } from './attribute.ts'
import { both, isEmpty, isSkipped, phaseTable, type Skip } from './phases.ts'

export type JudgeParts = Attribution & {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  readonly lookups: Lookups
  readonly report: Engine['report']
}

const NO_FACTS: readonly Fact[] = Object.freeze([])
const ACCEPTED: Judgement = Object.freeze({ verdict: ACCEPT })

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
    let skip: Skip | undefined = step.skip
    const consider = (rule: Rule, verdict: Verdict | undefined): Judgement | undefined => {
      if (!verdict) return undefined
      if (verdict.kind === 'accept') {
        if (rule.mode === 'enforce') skip = both(skip, verdict.skip)
        return undefined
      }
      announce(parts, step, rule, verdict)
      if (rule.mode === 'enforce') return { verdict, rule: rule.name }
      observed.push(rule.name)
      return undefined
    }
    const asked = (rules: readonly Rule[]) =>
      skip === undefined ? rules : rules.filter(rule => !isSkipped(rule, skip))
    // Attempts are counted whatever comes of them; what follows from that is said in its turn.
    const noted =
      phases.attempts.length > 0 ? await attempt(parts.counters, phases.attempts, step) : []
    for (const rule of phases.plain) {
      if (skip !== undefined && isSkipped(rule, skip)) continue
      const ended = consider(rule, rule.decide(step, NOTHING_KNOWN))
      if (ended) return ended
    }
    for (const { rule, facts } of await answers(parts.lookups, asked(phases.asking), step)) {
      const ended = consider(rule, withFacts(rule, step, facts))
      if (ended) return ended
    }
    for (const { rule, verdict } of noted) {
      const ended =
        skip !== undefined && isSkipped(rule, skip) ? undefined : consider(rule, verdict)
      if (ended) return ended
    }
    const counting = {
      step,
      mode: mode === 'take' || step.commits ? 'take' : 'peek',
      consider,
    } as const
    for (const group of phases.counting) {
      const rules = asked(group)
      const ended =
        rules.length > 0 ? await count(parts.counters, { ...counting, rules }) : undefined
      if (ended) return ended
    }
    return observed.length === 0 ? ACCEPTED : { verdict: ACCEPT, observed }
  }

  return {
    judge: async step =>
      // Nothing is asked at many a step: then it need not be known whose it is either.
      isEmpty(table[step.listener][step.stage])
        ? ACCEPTED
        : judgeAttributed(attribute(parts, step), 'peek'),
    judgeAttributed,
    replaceRules: rules => {
      table = phaseTable(rules)
    },
  }
}

type Counting = {
  readonly step: AttributedStep
  readonly mode: 'peek' | 'take'
  readonly rules: readonly Rule[]
  readonly consider: (rule: Rule, verdict: Verdict | undefined) => Judgement | undefined
}

/** Every rule for itself: nothing here has a limit that could refuse the others' counting. */
async function attempt(
  counters: Counters,
  rules: readonly Rule[],
  step: AttributedStep,
): Promise<{ rule: Rule; verdict: Verdict | undefined }[]> {
  const verdicts = []
  for (const rule of rules) {
    const ops = rule.counts?.(step) ?? []
    if (ops.length === 0) continue
    const counted = await counters.apply({ at: step.at, mode: 'take', ops })
    const verdict =
      'failed' in counted
        ? onFailure(rule)
        : rule.decide(step, { facts: [], readings: counted.readings })
    verdicts.push({ rule, verdict })
  }
  return verdicts
}

/** One batch for all rules: all of it counts, or none. Where the step itself commits, it is looked at before it counts. */
async function count(counters: Counters, counting: Counting): Promise<Judgement | undefined> {
  const { step, rules } = counting
  const perRule = rules.map(rule => ({ rule, ops: rule.counts?.(step) ?? [] }))
  const ops = perRule.flatMap((one): readonly Op[] => one.ops)
  if (ops.length === 0) return undefined
  const looks = step.commits && counting.mode === 'take' && rules.some(rule => rule.remembers)
  const mode = looks ? 'peek' : counting.mode
  const counted = await counters.apply({ at: step.at, mode, ops })
  let from = 0
  for (const { rule, ops: mine } of perRule) {
    const verdict =
      'failed' in counted
        ? onFailure(rule)
        : rule.decide(step, knownOf(counted, { from, to: from + mine.length, at: step.at }))
    const ended = counting.consider(rule, verdict)
    if (verdict && verdict.kind !== 'accept' && rule.remembers)
      await counters.apply({ at: step.at, mode: 'take', ops: rule.remembers(step) })
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

type Answered = { readonly rule: Rule; readonly facts: readonly Fact[] }

/** Every question of every rule, asked in one go; no waiting when there is none. */
function answers(
  lookups: Lookups,
  rules: readonly Rule[],
  step: AttributedStep,
): readonly Answered[] | Promise<readonly Answered[]> {
  const asked = rules.map(rule => ({ rule, questions: rule.asks?.(step) ?? [] }))
  if (asked.every(({ questions }) => questions.length === 0))
    return rules.map(rule => ({ rule, facts: NO_FACTS }))
  // Two rules may want to know the same: it is asked once.
  const answered = new Map<string, Promise<Fact>>()
  const ask = (question: Question): Promise<Fact> => {
    const key = JSON.stringify(question)
    const answer = answered.get(key) ?? lookups.ask(question)
    answered.set(key, answer)
    return answer
  }
  return Promise.all(
    asked.map(async ({ rule, questions }) => ({
      rule,
      facts: await Promise.all(questions.map(ask)),
    })),
  )
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
