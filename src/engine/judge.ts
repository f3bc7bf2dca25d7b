// May this step go on? Rules without look-ups first, then all look-ups at once, then all counters at once;
// the first refusal ends it. No rule is run twice for a step, and none sees a clock or a socket.

import type { Rule } from '../core/policy/rule.ts'
import { NOTHING_KNOWN } from '../core/policy/rule.ts'
import type { Asked } from '../model/event.ts'
import type { Fact, Question } from '../model/question.ts'
import type { AttributedStep, Step } from '../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../model/verdict.ts'
import type { Counters } from '../ports/counters.ts'
import type { Engine } from '../ports/engine.ts'
import type { Lookups } from '../ports/lookups.ts'
import { type Attribution, attribute } from './attribute.ts'
import { attempts, count, type LookedUp, NO_FACTS, withFacts } from './counting.ts'
import type { Judged } from './record-step.ts'
import { both, isEmpty, isSkipped, phaseTable, type Skip } from './phases.ts'

export type JudgeParts = Attribution & {
  readonly rules: readonly Rule[]
  readonly counters: Counters
  readonly lookups: Lookups
  readonly report: Engine['report']
  /** Refusals get a name, and their replies say where to read more. */
  readonly refusals?: { name(at: number): string; help(name: string): string }
  /** Told of every step at RCPT and of every message, with what was looked up for it. */
  readonly record?: (judged: Judged) => void
}

const NOTHING_LOOKED_UP: LookedUp = new Map()
const NOTHING_NOTED: ReadonlyMap<Rule, Verdict | undefined> = new Map()
const ACCEPTED: Judgement = Object.freeze({ verdict: ACCEPT })
const LET_BY: Decided = Object.freeze({ judgement: ACCEPTED })

/** With the name of the refusal, if it is one. */
type Decided = { readonly judgement: Judgement; readonly refusal?: string | undefined }

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
    const { record } = parts
    if (!record) return (await decide(step, mode)).judgement
    const asked: Asked[] = []
    const { judgement, refusal } = await decide(step, mode, asked)
    if (step.stage === 'rcpt' || step.stage === 'message' || refusal !== undefined)
      record({ step, asked, judgement, ...(refusal === undefined ? {} : { refusal }) })
    return judgement
  }
  async function decide(
    step: AttributedStep,
    mode: 'peek' | 'take',
    seen?: Asked[],
  ): Promise<Decided> {
    const phases = table[step.listener][step.stage]
    const observed: string[] = []
    let skip: Skip | undefined = step.skip
    let redirect: Readonly<Record<string, string>> | undefined
    const consider = (rule: Rule, verdict: Verdict | undefined): Decided | undefined => {
      if (!verdict) return undefined
      if (verdict.kind === 'accept') {
        if (rule.mode === 'enforce') {
          skip = both(skip, verdict.skip)
          redirect = verdict.redirect ?? redirect
        }
        if (verdict.alarm)
          parts.report({
            kind: 'alarm-raised',
            alarm: 'large-sender',
            at: step.at,
            ...verdict.alarm,
          })
        return undefined
      }
      const refuses = rule.mode === 'enforce' && verdict.kind !== 'hold'
      const refusal = refuses ? parts.refusals?.name(step.at) : undefined
      announce(parts, step, { rule, verdict, refusal })
      if (rule.mode === 'enforce') return decided(parts, { rule, verdict, refusal })
      observed.push(rule.name)
      return undefined
    }
    const asked = (rules: readonly Rule[]) =>
      skip === undefined ? rules : rules.filter(rule => !isSkipped(rule, skip))
    // Attempts are counted whatever comes of them; what follows from that is said in its turn.
    const noted =
      phases.attempts.length > 0
        ? await attempts(parts.counters, { step, rules: phases.attempts, facts: NOTHING_LOOKED_UP })
        : NOTHING_NOTED
    if (phases.first.length > 0) {
      const known = await answers(parts.lookups, asked(phases.first), step, seen)
      for (const [rule, facts] of known) {
        const ended = consider(rule, rule.decide(step, { facts, readings: [] }))
        if (ended) return ended
      }
    }
    for (const rule of phases.plain) {
      if (skip !== undefined && isSkipped(rule, skip)) continue
      const ended = consider(rule, rule.decide(step, NOTHING_KNOWN))
      if (ended) return ended
    }
    const facts = await answers(parts.lookups, asked(phases.asking), step, seen)
    const later =
      phases.askedAttempts.length > 0
        ? await attempts(parts.counters, { step, rules: asked(phases.askedAttempts), facts })
        : NOTHING_NOTED
    for (const rule of phases.informed) {
      if (skip !== undefined && isSkipped(rule, skip)) continue
      const verdict = rule.countsAttempts?.includes(step.stage)
        ? (noted.get(rule) ?? later.get(rule))
        : withFacts(rule, step, facts.get(rule) ?? NO_FACTS)
      const ended = consider(rule, verdict)
      if (ended) return ended
    }
    const counting = {
      step,
      facts,
      mode: mode === 'take' || step.commits ? 'take' : 'peek',
      consider,
    } as const
    for (const group of phases.counting) {
      const rules = asked(group)
      const ended =
        rules.length > 0 ? await count(parts.counters, { ...counting, rules }) : undefined
      if (ended) return ended
    }
    if (observed.length === 0 && !redirect) return LET_BY
    const verdict: Verdict = redirect ? { kind: 'accept', redirect } : ACCEPT
    return { judgement: { verdict, ...(observed.length > 0 ? { observed } : {}) } }
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

/** The verdict of a rule that enforces ends the step. */
function decided(
  { refusals }: Pick<JudgeParts, 'refusals'>,
  {
    rule,
    verdict,
    refusal,
  }: { readonly rule: Rule; readonly verdict: Verdict; readonly refusal: string | undefined },
): Decided {
  const named = refusal !== undefined && refusals !== undefined && 'reason' in verdict
  const told: Verdict =
    named && verdict.kind !== 'hold' ? { ...verdict, help: refusals.help(refusal) } : verdict
  return { judgement: { verdict: told, rule: rule.name }, refusal }
}

/** Every question of every rule, asked in one go; no waiting when there is none. */
function answers(
  lookups: Lookups,
  rules: readonly Rule[],
  step: AttributedStep,
  seen?: Asked[],
): LookedUp | Promise<LookedUp> {
  const asked = rules.map(rule => ({ rule, questions: rule.asks?.(step) ?? [] }))
  if (asked.every(({ questions }) => questions.length === 0)) return NOTHING_LOOKED_UP
  // Two rules may want to know the same: it is asked once.
  const answered = new Map<string, Promise<Fact>>()
  const ask = (question: Question): Promise<Fact> => {
    const key = JSON.stringify(question)
    const known = answered.get(key)
    if (known) return known
    const answer = lookups.ask(question)
    answered.set(key, answer)
    if (seen) void answer.then(fact => seen.push({ question, answer: fact }))
    return answer
  }
  return Promise.all(
    asked.map(
      async ({ rule, questions }) => [rule, await Promise.all(questions.map(ask))] as const,
    ),
  ).then(pairs => new Map(pairs))
}

function announce(
  parts: Pick<JudgeParts, 'report'>,
  step: AttributedStep,
  {
    rule,
    verdict,
    refusal,
  }: { readonly rule: Rule; readonly verdict: Verdict; readonly refusal: string | undefined },
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
    ...(refusal === undefined ? {} : { refusal }),
    ...(rule.mode === 'observe' ? { observed: true as const } : {}),
  })
}
