// The look-ups of rules: every question of every rule in one go, each asked once.

import type { Rule } from '../../core/policy/rule.ts'
import type { AnsweredQuestion } from '../../model/recorded-step.ts'
import type { Fact, Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Lookups } from '../../ports/lookups.ts'

/** What was looked up for each rule, in the order of its questions. */
export type LookedUp = ReadonlyMap<Rule, readonly Fact[]>

export const NO_FACTS: readonly Fact[] = Object.freeze([])
const NO_QUESTIONS: readonly Question[] = Object.freeze([])
export const NOTHING_LOOKED_UP: LookedUp = new Map()

/** Returns at once when no rule has a question. Answered questions are added to `seen`. */
export function lookUp(
  lookups: Lookups,
  rules: readonly Rule[],
  step: AttributedStep,
  seen?: AnsweredQuestion[],
): LookedUp | Promise<LookedUp> {
  if (rules.length === 0) return NOTHING_LOOKED_UP
  const asked = rules.map(rule => ({ rule, questions: rule.asks?.(step) ?? NO_QUESTIONS }))
  if (asked.every(one => one.questions.length === 0)) return NOTHING_LOOKED_UP
  const questions = asked.flatMap(one => one.questions)
  const [question] = questions
  if (question === undefined) return NOTHING_LOOKED_UP
  // Most often there is one.
  if (questions.length === 1)
    return lookups.ask(question).then(fact => {
      seen?.push({ question, answer: fact })
      return new Map(asked.map(one => [one.rule, one.questions.length === 1 ? [fact] : NO_FACTS]))
    })
  // Two rules may have the same question: it is looked up once.
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
    asked.map(async one => [one.rule, await Promise.all(one.questions.map(ask))] as const),
  ).then(pairs => new Map(pairs))
}
