// The counting of rules: of attempts, each rule for itself, and of mail that is accepted, all rules together or not at all.

import type { Known, Rule } from '../../core/policy/rule.ts'
import type { Counted, Op, Reading } from '../../model/counter.ts'
import type { Fact } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Writable } from '../../model/writable.ts'
import type { Counters } from '../../ports/counters.ts'
import { after } from '../../model/after.ts'
import { type LookedUp, NO_FACTS } from './look-up.ts'

export type Counting<Ended> = {
  readonly step: AttributedStep
  readonly facts: LookedUp
  readonly mode: 'peek' | 'take'
  readonly rules: readonly Rule[]
  readonly along?: Along | undefined
  readonly consider: (rule: Rule, verdict: Verdict | undefined) => Ended | undefined
}

/** What is counted together with a step, in the same trip: if its rules count for good, and none refuses. */
export type Along = {
  readonly ops: readonly Op[]
  /** Set when it was counted. */
  readings?: readonly Reading[]
  /** All that was counted of the step for good, by rules as well: it is rolled back if the message is not taken. */
  readonly counted: Taken[]
}

export type Taken = { readonly ops: readonly Op[]; readonly readings: readonly Reading[] }

type Noted = ReadonlyMap<Rule, Verdict | undefined>

/** One batch for all of them: nothing here has a limit, so no rule's counting depends on another's. */
export function attempts(
  counters: Counters,
  { step, rules, facts }: Pick<Counting<never>, 'step' | 'rules' | 'facts'>,
): Noted | Promise<Noted> {
  const asking = rules.map(rule => askingOf(rule, step, facts)).filter(({ ops }) => ops.length > 0)
  if (asking.length === 0) return NOTHING_NOTED
  const ops = opsOf(asking)
  return after(counters.apply({ at: step.at, mode: 'take', ops }), counted => {
    const verdicts = new Map<Rule, Verdict | undefined>()
    let from = 0
    for (const { rule, facts: known, ops: mine } of asking) {
      const verdict =
        'failed' in counted
          ? onFailure(rule)
          : rule.decide(step, {
              facts: known,
              readings: counted.readings.slice(from, from + mine.length),
            })
      verdicts.set(rule, verdict)
      from += mine.length
    }
    return verdicts
  })
}

const NOTHING_NOTED: Noted = new Map()

function askingOf(rule: Rule, step: AttributedStep, lookedUp: LookedUp): Asking {
  const facts = lookedUp.get(rule) ?? NO_FACTS
  return { rule, facts, ops: rule.counts?.(step, facts) ?? [] }
}

/** One batch for all rules: all of it counts, or none. Where the step itself commits, it is looked at before it counts. */
export function count<Ended>(
  counters: Counters,
  counting: Counting<Ended>,
): Ended | undefined | Promise<Ended | undefined> {
  const { step, rules } = counting
  const perRule = rules.map(rule => askingOf(rule, step, counting.facts))
  const ops = opsOf(perRule)
  if (ops.length === 0) return undefined
  const looks =
    step.commits === true && counting.mode === 'take' && rules.some(one => one.remembers)
  const mode = looks ? 'peek' : counting.mode
  const along = mode === 'take' ? counting.along : undefined
  const isFirst = along !== undefined && !along.readings
  const all = isFirst ? [...ops, ...along.ops] : ops
  return after(counters.apply({ at: step.at, mode, ops: all }), counted => {
    if (along && 'taken' in counted && counted.taken) {
      along.counted.push({ ops: all, readings: counted.readings })
      if (isFirst) along.readings = counted.readings.slice(ops.length)
    }
    return considered(counters, counting, { perRule, counted, ops: looks ? ops : NOTHING })
  })
}

/** Most often there is one rule. */
const opsOf = (all: readonly Asking[]): readonly Op[] =>
  all.length === 1 && all[0] ? all[0].ops : all.flatMap((one): readonly Op[] => one.ops)

type Asking = { readonly rule: Rule; readonly facts: readonly Fact[]; readonly ops: readonly Op[] }
const NOTHING: readonly Op[] = Object.freeze([])

/** What each rule says of what was counted; `ops` is taken at the end, where nothing ended it. */
function considered<Ended>(
  counters: Counters,
  { step, consider }: Counting<Ended>,
  {
    perRule,
    counted,
    ops,
  }: {
    readonly perRule: readonly Asking[]
    readonly counted: Counted
    readonly ops: readonly Op[]
  },
): Ended | undefined | Promise<Ended | undefined> {
  let told: Counted | Promise<unknown> | undefined
  const take = (more: readonly Op[]) => {
    const before = told
    const taken = counters.apply({ at: step.at, mode: 'take', ops: more })
    told = before instanceof Promise ? before.then(() => taken) : taken
  }
  let from = 0
  for (const { rule, facts, ops: mine } of perRule) {
    const known =
      'failed' in counted
        ? undefined
        : knownOf(counted, { from, to: from + mine.length, at: step.at, facts })
    const verdict = known ? rule.decide(step, known) : onFailure(rule)
    const ended = consider(rule, verdict)
    const remembered =
      known && verdict && verdict.kind !== 'accept' ? (rule.remembers?.(step, known) ?? []) : []
    if (remembered.length > 0) take(remembered)
    if (ended) return told instanceof Promise ? told.then(() => ended) : ended
    from += mine.length
  }
  if (ops.length > 0) take(ops)
  return told instanceof Promise ? told.then(() => undefined) : undefined
}

/** A rule's own part of what a batch has counted. */
function knownOf(
  counted: Exclude<Counted, { failed: string }>,
  part: {
    readonly from: number
    readonly to: number
    readonly at: number
    readonly facts: readonly Fact[]
  },
): Known {
  const { refusedBy, resetAt, readings } = counted
  const whole = part.from === 0 && part.to === readings.length
  const known: Writable<Known> = {
    facts: part.facts,
    readings: whole ? readings : readings.slice(part.from, part.to),
  }
  if (refusedBy !== undefined && refusedBy >= part.from && refusedBy < part.to)
    known.over = { index: refusedBy - part.from, resetAt: resetAt ?? part.at }
  return known
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
