// One step on its way through the rules, phase by phase (phases.ts); the first rule that enforces a refusal ends it.

import { NOTHING_KNOWN, type Rule } from '../../core/policy/rule.ts'
import type { EventOf } from '../../model/event.ts'
import type { AnsweredQuestion } from '../../model/recorded-step.ts'
import { type AttributedStep, FORM_RULES, type FormFault } from '../../model/step.ts'
import type { Writable } from '../../model/writable.ts'
import { ACCEPT, type Judgement, type Verdict } from '../../model/verdict.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { after } from '../../model/after.ts'
import { type Along, attempts, count, withFacts } from './counting.ts'
import { type LookedUp, lookUp, NO_FACTS, NOTHING_LOOKED_UP } from './look-up.ts'
import { both, isSkipped, type Phases, type Skip, exemptRules } from './phases.ts'

export type StepParts = {
  readonly counters: Counters
  readonly lookups: Lookups
  readonly report: Engine['report']
  /** Refusals get a name, and their replies say where to read more. */
  readonly refusals?: { name(at: number): string; help(name: string): string }
}

/** With the name of the refusal, if it is one. */
export type Decided = {
  readonly judgement: Judgement
  readonly refusal?: string | undefined
  /** What was wrong, in the rule's words. */
  readonly found?: string | undefined
}

export type Passing = {
  readonly step: AttributedStep
  readonly phases: Phases
  /** `take` counts it for good. */
  readonly mode: 'peek' | 'take'
  /** Answers of lookups are added here. */
  readonly seen?: AnsweredQuestion[] | undefined
  readonly along?: Along | undefined
}

type Refusing = Exclude<Verdict, { kind: 'accept' | 'hold' }>

const NOTHING_NOTED: ReadonlyMap<Rule, Verdict | undefined> = new Map()
export const ACCEPTED: Decided = Object.freeze({ judgement: Object.freeze({ verdict: ACCEPT }) })

/** No promise where nothing need be waited for: most steps need no lookup, and waiting for nothing costs a turn of the loop. */
export function passRules(parts: StepParts, passing: Passing): Decided | Promise<Decided> {
  const way = new Way(parts, passing.step)
  return passing.phases.waits ? passWaiting(parts, passing, way) : (way.plain(passing) ?? way.end())
}

/** Faults of form are refused before any rule is asked: no setting and no access list accepts them. */
export function refuseForm(
  parts: StepParts,
  step: AttributedStep,
  fault: FormFault,
  found?: string,
): Decided {
  const more = found === undefined ? {} : { help: found }
  return new Way(parts, step).refuse(FORM_RULES[fault], { kind: 'reject', reason: fault, ...more })
}

function passWaiting(parts: StepParts, passing: Passing, way: Way): Decided | Promise<Decided> {
  const { step, phases, seen } = passing
  // Attempts are counted whatever comes of them; what follows from that is said in its turn.
  const noted =
    phases.attempts.length > 0
      ? attempts(parts.counters, { step, rules: phases.attempts, facts: NOTHING_LOOKED_UP })
      : NOTHING_NOTED
  return after(noted, known =>
    after(
      phases.first.length > 0 ? way.ask(phases.first, seen) : undefined,
      ended => ended ?? way.plain(passing) ?? passInformed(parts, passing, { way, noted: known }),
    ),
  )
}

type Going = { readonly way: Way; readonly noted: ReadonlyMap<Rule, Verdict | undefined> }

/** What must be looked up, and is decided by it. */
function passInformed(
  parts: StepParts,
  passing: Passing,
  { way, noted }: Going,
): Decided | Promise<Decided> {
  const { step, phases, seen } = passing
  const { counters, lookups } = parts
  return after(lookUp(lookups, way.open(phases.asking), step, seen), facts =>
    after(
      phases.askedAttempts.length > 0
        ? attempts(counters, { step, rules: way.open(phases.askedAttempts), facts })
        : NOTHING_NOTED,
      later => {
        for (const rule of phases.informed) {
          if (!way.isOpen(rule)) continue
          const verdict = rule.countsAttempts?.includes(step.stage)
            ? (noted.get(rule) ?? later.get(rule))
            : withFacts(rule, step, facts.get(rule) ?? NO_FACTS)
          const ended = way.take(rule, verdict)
          if (ended) return ended
        }
        return after(
          phases.last.length > 0 ? way.ask(phases.last, seen) : undefined,
          ended => ended ?? passCounting(counters, passing, { way, facts, group: 0 }),
        )
      },
    ),
  )
}

/** One group of counting rules after the other. */
function passCounting(
  counters: Counters,
  passing: Passing,
  { way, facts, group }: { readonly way: Way; readonly facts: LookedUp; readonly group: number },
): Decided | Promise<Decided> {
  const { step, phases } = passing
  const mine = phases.counting[group]
  if (!mine) return way.end()
  const rules = way.open(mine)
  const mode = passing.mode === 'take' || step.commits ? 'take' : 'peek'
  const { along } = passing
  const consider = (rule: Rule, verdict: Verdict | undefined) => way.take(rule, verdict)
  return after(
    rules.length > 0 ? count(counters, { step, facts, mode, rules, consider, along }) : undefined,
    ended => ended ?? passCounting(counters, passing, { way, facts, group: group + 1 }),
  )
}

/** What has been said so far, and which rules are still to be asked. */
class Way {
  readonly #parts: StepParts
  readonly #step: AttributedStep
  readonly #observed: string[] = []
  #skipRules: Skip | undefined
  #redirect: Readonly<Record<string, string>> | undefined

  constructor(parts: StepParts, step: AttributedStep) {
    this.#parts = parts
    this.#step = step
    this.#skipRules = exemptRules(step)
  }

  isOpen(rule: Rule): boolean {
    return this.#skipRules === undefined || !isSkipped(rule, this.#skipRules)
  }

  open(rules: readonly Rule[]): readonly Rule[] {
    return this.#skipRules === undefined ? rules : rules.filter(rule => this.isOpen(rule))
  }

  /** Rules that know enough already. */
  plain({ step, phases }: Pick<Passing, 'step' | 'phases'>): Decided | undefined {
    for (const rule of phases.plain) {
      const ended = this.isOpen(rule) && this.take(rule, rule.decide(step, NOTHING_KNOWN))
      if (ended) return ended
    }
    return undefined
  }

  /** Rules that are looked up and decided by themselves, all together. */
  async ask(
    rules: readonly Rule[],
    seen: AnsweredQuestion[] | undefined,
  ): Promise<Decided | undefined> {
    const step = this.#step
    for (const [rule, facts] of await lookUp(this.#parts.lookups, this.open(rules), step, seen)) {
      const ended = this.take(rule, withFacts(rule, step, facts))
      if (ended) return ended
    }
    return undefined
  }

  /** One rule's verdict; an answer when it ends the step. */
  take(rule: Rule, verdict: Verdict | undefined): Decided | undefined {
    if (!verdict) return undefined
    if (verdict.kind === 'accept') return this.#accepted(rule, verdict)
    const enforces = rule.mode === 'enforce'
    if (verdict.kind === 'hold') {
      // Announced when the message is safe on disk; at RCPT it is only a forecast.
      if (enforces) return { judgement: { verdict, rule: rule.name } }
      this.#observed.push(rule.name)
      return undefined
    }
    if (enforces) return this.refuse(rule.name, verdict)
    this.#announce(rule.name, verdict)
    this.#observed.push(rule.name)
    return undefined
  }

  /** The end of the step: with a name, by which the refused client and our staff find it again. */
  refuse(rule: string, verdict: Refusing): Decided {
    const { refusals } = this.#parts
    const refusal = refusals?.name(this.#step.at)
    this.#announce(rule, verdict, { refusal })
    const more = refusal === undefined ? undefined : refusals?.help(refusal)
    const help =
      verdict.help === undefined || more === undefined
        ? (verdict.help ?? more)
        : `${verdict.help}; ${more}`
    const judgement = { verdict: help === undefined ? verdict : { ...verdict, help }, rule }
    return { judgement, refusal, found: verdict.help }
  }

  end(): Decided {
    const [observed, redirect] = [this.#observed, this.#redirect]
    if (observed.length === 0 && !redirect) return ACCEPTED
    const verdict: Verdict = redirect ? { kind: 'accept', redirect } : ACCEPT
    return { judgement: { verdict, ...(observed.length > 0 ? { observed } : {}) } }
  }

  #accepted(
    rule: Rule,
    { skipRules, redirect, alarm }: Extract<Verdict, { kind: 'accept' }>,
  ): undefined {
    if (rule.mode === 'enforce') {
      this.#skipRules = both(this.#skipRules, skipRules)
      this.#redirect = redirect ?? this.#redirect
    }
    const { at } = this.#step
    if (alarm) this.#parts.report({ kind: 'alarm-raised', alarm: 'large-sender', at, ...alarm })
  }

  /** `enforced`: with the name of the refusal; without it the rule only observes. */
  #announce(
    rule: string,
    { kind, reason, help }: Refusing,
    enforced?: { readonly refusal: string | undefined },
  ): void {
    const { at, who, listener, stage, session, queueId } = this.#step
    const told: Writable<Omit<EventOf<'judged'>, 'id' | 'seq'>> = {
      kind: 'judged',
      at,
      who,
      listener,
      stage,
      rule,
      reason,
      verdict: kind,
      session,
    }
    if (queueId !== undefined) told.message = queueId
    if (help !== undefined) told.found = help
    if (!enforced) told.observed = true
    else if (enforced.refusal !== undefined) told.refusal = enforced.refusal
    this.#parts.report(told)
  }
}
