// Which rules are asked of which step, and in which order: those that know enough, those that must look something up,
// those that count. Worked out once for every listener and stage.

import { isForPostmaster } from '../../core/policy/postmaster.ts'
import type { Rule } from '../../core/policy/rule.ts'
import {
  type AttributedStep,
  type ListenerKind,
  LISTENERS,
  type Stage,
  STAGES,
} from '../../model/step.ts'

export type Phases = {
  /** No rule has anything to do here. */
  readonly empty: boolean
  /** Looked up and decided before all else. */
  readonly first: readonly Rule[]
  /** Attempts are counted before anything is decided: those that need nothing else. */
  readonly attempts: readonly Rule[]
  readonly plain: readonly Rule[]
  /** All that look something up, whatever they do with it. */
  readonly asking: readonly Rule[]
  /** Attempts that can only be counted when something is known. */
  readonly askedAttempts: readonly Rule[]
  /** Decided by what was looked up, or by attempts; in the order in which rules are shipped. */
  readonly informed: readonly Rule[]
  /** Looked up and decided after these. */
  readonly last: readonly Rule[]
  /** Something is looked up or counted. */
  readonly waits: boolean
  /** Each group is one batch: rules that only observe must not keep the others from counting. */
  readonly counting: readonly (readonly Rule[])[]
}

/** Names of rules, and `strangers` for all that are asked of strangers. */
export type Skip = readonly string[]

const STRANGERS: Skip = Object.freeze(['strangers'])

/** Mail to the postmaster skips the rules for strangers. */
export const exemptRules = (step: AttributedStep): Skip | undefined =>
  isForPostmaster(step) ? STRANGERS : undefined

/** The rules that either of two lists skips. */
export function both(
  before: Skip | undefined,
  more: 'strangers' | Skip | undefined,
): Skip | undefined {
  const added = more === 'strangers' ? [more] : more
  return before && added ? [...before, ...added] : (before ?? added)
}

export const isSkipped = ({ name, ofStrangers }: Rule, skipRules: Skip | undefined): boolean =>
  skipRules !== undefined &&
  (skipRules.includes(name) || (ofStrangers === true && skipRules.includes('strangers')))

/** Most different lists of skipped rules that are kept; with more, the tables are worked out anew. */
const MAX_TABLES = 100

/** Which rules are evaluated at a step, and in which phase: worked out once for all steps that skip the same rules. */
export function phasesOfSteps(
  rules: readonly Rule[],
): (step: Pick<AttributedStep, 'listener' | 'stage' | 'skipRules'>) => Phases {
  const whole = phaseTable(rules)
  const byWords = new Map<string, PhaseTable>()
  // A door leaves out the same few lists each time: then they need not be read.
  const byList = new WeakMap<Skip, PhaseTable>()
  const without = (skip: Skip): PhaseTable => {
    const before = byList.get(skip)
    if (before) return before
    const words = skip.join(' ')
    const table = byWords.get(words) ?? phaseTable(rules.filter(rule => !isSkipped(rule, skip)))
    if (byWords.size >= MAX_TABLES) byWords.clear()
    byWords.set(words, table)
    byList.set(skip, table)
    return table
  }
  return ({ listener, stage, skipRules }) =>
    (skipRules ? without(skipRules) : whole)[listener][stage]
}

type PhaseTable = Record<ListenerKind, Record<Stage, Phases>>

function phaseTable(rules: readonly Rule[]): PhaseTable {
  const phasesOf = (listener: ListenerKind, stage: Stage): Phases => {
    const mine = rules.filter(
      rule => rule.listeners.includes(listener) && rule.stages.includes(stage),
    )
    const attempts = mine.filter(rule => rule.countsAttempts?.includes(stage))
    const others = mine.filter(rule => !rule.first && !rule.last && !attempts.includes(rule))
    const counts = others.some(rule => rule.counts)
    return {
      empty: mine.length === 0,
      waits: counts || attempts.length > 0 || mine.some(rule => rule.asks),
      first: mine.filter(rule => rule.first),
      attempts: attempts.filter(rule => !rule.asks),
      plain: others.filter(rule => !rule.asks && !rule.counts),
      asking: mine.filter(rule => rule.asks && !rule.first && !rule.last),
      askedAttempts: attempts.filter(rule => rule.asks),
      informed: mine.filter(
        rule => attempts.includes(rule) || (others.includes(rule) && rule.asks && !rule.counts),
      ),
      last: mine.filter(rule => rule.last),
      counting: (['enforce', 'observe'] as const)
        .map(mode => others.filter(one => one.counts && one.mode === mode))
        .filter(rules => rules.length > 0),
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
