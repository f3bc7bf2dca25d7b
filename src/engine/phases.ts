// Which rules are asked of which step, and in which order: those that know enough, those that must look something up,
// those that count. Worked out once for every listener and stage.

import type { Rule } from '../core/policy/rule.ts'
import { type ListenerKind, LISTENERS, type Stage, STAGES } from '../model/step.ts'

export type Phases = {
  readonly plain: readonly Rule[]
  readonly asking: readonly Rule[]
  /** Each group is one batch: rules that only observe must not keep the others from counting. */
  readonly counting: readonly (readonly Rule[])[]
  readonly attempts: readonly Rule[]
}

export const isEmpty = ({ plain, asking, counting, attempts }: Phases): boolean =>
  plain.length + asking.length + counting.length + attempts.length === 0

export type Skip = 'strangers' | readonly string[]

/** What two of them leave out together. */
export const both = (before: Skip | undefined, more: Skip | undefined): Skip | undefined => {
  if (before === undefined || more === undefined) return before ?? more
  return before === 'strangers' || more === 'strangers' ? 'strangers' : [...before, ...more]
}

export const isSkipped = (rule: Rule, skip: Skip | undefined): boolean =>
  skip === 'strangers' ? rule.ofStrangers === true : (skip?.includes(rule.name) ?? false)

/** Which rules are asked in which phase, for every listener and stage: worked out once. */
export function phaseTable(rules: readonly Rule[]): Record<ListenerKind, Record<Stage, Phases>> {
  const phasesOf = (listener: ListenerKind, stage: Stage): Phases => {
    const mine = rules.filter(
      rule => rule.listeners.includes(listener) && rule.stages.includes(stage),
    )
    return {
      plain: mine.filter(rule => !rule.asks && !rule.counts),
      asking: mine.filter(rule => rule.asks && !rule.counts),
      counting: (['enforce', 'observe'] as const)
        .map(mode => mine.filter(one => one.counts && !one.countsAttempts && one.mode === mode))
        .filter(rules => rules.length > 0),
      attempts: mine.filter(rule => rule.counts && rule.countsAttempts),
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
