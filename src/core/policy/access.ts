// The operator's own access lists. The first entry that fits decides: accept, refuse, defer,
// hold, discard, or redirect to another address. Mail that is accepted skips the rules for strangers. No entry
// opens a relay or stops a containment.

import type { Match } from '../../model/access-match.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import type { Fact, Question } from '../../model/question.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import { compile, type Groups } from './access-pattern.ts'
import type { Mode, Rule } from './rule.ts'

export type AccessEntry = {
  readonly match: Match
  /** `access.entries[].action`, must be given, accept, reject, defer, hold, discard or redirect. */
  readonly action: 'accept' | 'reject' | 'defer' | 'hold' | 'discard' | 'redirect'
  /** With accept: the rules that are skipped; without this, all rules for strangers: `access.entries[].skipRules`, none by default. */
  readonly skipRules?: readonly string[] | undefined
  /** With hold: for so long, in ms: `access.entries[].for`, 1d by default, 1s to 72h. */
  readonly for?: number | undefined
  /** With redirect: the new recipient. */
  readonly to?: string | undefined
}

export type AccessSettings = {
  readonly entries: readonly AccessEntry[]
  readonly groups: Groups
}

export function access(mode: Mode, { entries, groups }: AccessSettings): Rule {
  const compiled = entries.map(({ match, ...rest }) => ({ ...rest, ...compile(match, groups) }))
  const needs = [...new Set(compiled.flatMap(entry => [...entry.needs]))]
  const firstFor = (step: AttributedStep, recipient: string, facts: readonly Fact[]) =>
    compiled.find(entry => entry.fits(step, recipient, facts))
  return {
    name: 'access',
    about:
      'Your own lists: the first entry that fits accepts, rejects, defers, holds, discards or redirects.',
    reasons: ['not-welcome', 'kept-for-postmaster'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['rcpt', 'message'],
    mode,
    onFailure: 'accept',
    ...(needs.length > 0
      ? {
          first: true,
          asks: ({ client: { address } }: AttributedStep) =>
            needs.flatMap((about): Question[] =>
              about === 'reverse-name' || about === 'place' ? [{ about, address }] : [],
            ),
        }
      : {}),
    decide: (step, { facts }) =>
      step.stage === 'rcpt'
        ? ofRecipient(firstFor(step, step.recipient ?? '', facts))
        : ofMessage(
            step,
            (step.recipients ?? []).map(to => [to, firstFor(step, to, facts)] as const),
          ),
  }
}

type AccessDecision = Omit<AccessEntry, 'match'> | undefined

/** What concerns the whole message is said when it is there. */
function ofRecipient(found: AccessDecision): Verdict | undefined {
  if (!found) return undefined
  if (found.action === 'accept')
    return { kind: 'accept', skipRules: found.skipRules ?? 'strangers' }
  if (found.action === 'reject' || found.action === 'defer')
    return { kind: found.action, reason: 'not-welcome' }
  return undefined
}

/** A message of several recipients: held if one entry holds it, discarded only if every entry discards it. */
function ofMessage(
  step: AttributedStep,
  all: readonly (readonly [string, AccessDecision])[],
): Verdict | undefined {
  const held = all.flatMap(([, found]) => (found?.action === 'hold' ? [found.for ?? MAX_HOLD] : []))
  if (held.length > 0) {
    const until = step.at + Math.min(MAX_HOLD, ...held)
    return { kind: 'hold', reason: 'kept-for-postmaster', until }
  }
  if (all.length > 0 && all.every(([, found]) => found?.action === 'discard'))
    return { kind: 'discard', reason: 'not-welcome' }
  const redirect = all.flatMap(([from, found]) =>
    found?.action === 'redirect' && found.to !== undefined ? [[from, found.to] as const] : [],
  )
  const skipRules = skipRulesOf(all.map(([, found]) => found))
  if (redirect.length === 0 && skipRules === undefined) return undefined
  return {
    kind: 'accept',
    ...(skipRules === undefined ? {} : { skipRules }),
    ...(redirect.length > 0 ? { redirect: Object.fromEntries(redirect) } : {}),
  }
}

/** Rules that are skipped for every recipient. */
function skipRulesOf(
  found: readonly AccessDecision[],
): 'strangers' | readonly string[] | undefined {
  const skips = found.map(one => (one?.action === 'accept' ? (one.skipRules ?? 'strangers') : []))
  const lists = skips.filter(skip => skip !== 'strangers')
  if (lists.length === 0) return skips.length > 0 ? 'strangers' : undefined
  const [first = [], ...rest] = lists
  const common = first.filter(name => rest.every(list => list.includes(name)))
  return common.length > 0 ? common : undefined
}
