// May this step go on? Rules without look-ups first, then all look-ups at once, then all counters at once;
// the first refusal ends it. No rule is run twice for a step, and none sees a clock or a socket.

import type { Rule } from '../../core/policy/rule.ts'
import type { AnsweredQuestion } from '../../model/recorded-step.ts'
import type { AttributedStep, FormFault, Step } from '../../model/step.ts'
import type { Judgement } from '../../model/verdict.ts'
import { type Attribution, attribute } from '../evidence/attribute.ts'
import type { Along } from './counting.ts'
import { type Decided, ACCEPTED, passRules, refuseForm, type StepParts } from './one-step.ts'
import { type Phases, phasesOfSteps } from './phases.ts'
import type { Judged } from './record-step.ts'

export type JudgeParts = Attribution &
  StepParts & {
    readonly rules: readonly Rule[]
    /** Called for every step at RCPT, every message and every refusal, with the answers that were looked up for it. */
    readonly record?: (judged: Judged) => void
  }

export type Judge = {
  judge(step: Step): Judgement | Promise<Judgement>
  /** The same for a step whose author is known already; `take` counts it for good, and where rules count, `along` with it. */
  judgeAttributed(
    step: AttributedStep,
    mode: 'peek' | 'take',
    along?: Along,
  ): Judgement | Promise<Judgement>
  /** Refused for its form, without asking any rule: named, told of and recorded like any other refusal. `found`: what exactly it was. */
  refuse(step: AttributedStep, fault: FormFault, found?: string): Judgement
  /** From the next step on. */
  replaceRules(rules: readonly Rule[]): void
}

export function createJudge(parts: JudgeParts): Judge {
  let phasesOf = phasesOfSteps(parts.rules)

  function pass(
    step: AttributedStep,
    phases: Phases,
    mode: 'peek' | 'take',
    along?: Along,
  ): Judgement | Promise<Judgement> {
    const asked: AnsweredQuestion[] | undefined = parts.record ? [] : undefined
    try {
      const passed = passRules(parts, { step, phases, mode, seen: asked, along })
      return passed instanceof Promise
        ? passed.then(decided => recorded(step, decided, asked))
        : recorded(step, passed, asked)
    } catch (error) {
      // A rule that throws is a bug, and no answer; the caller gets the error as of any other failure.
      return Promise.reject(error)
    }
  }

  function recorded(
    step: AttributedStep,
    { judgement, refusal, found }: Decided,
    asked: readonly AnsweredQuestion[] = [],
  ): Judgement {
    if (step.stage === 'rcpt' || step.stage === 'message' || refusal !== undefined)
      parts.record?.({ step, asked, judgement, refusal, found })
    return judgement
  }

  return {
    judge: step => {
      const phases = phasesOf(step)
      // At many steps no rule is evaluated: then the step need not be attributed either.
      return phases.empty ? ACCEPTED.judgement : pass(attribute(parts, step), phases, 'peek')
    },
    refuse: (step, fault, found) =>
      recorded({ ...step, fault }, refuseForm(parts, { ...step, fault }, fault, found)),
    judgeAttributed: (step, mode, along) => pass(step, phasesOf(step), mode, along),
    replaceRules: rules => {
      phasesOf = phasesOfSteps(rules)
    },
  }
}
