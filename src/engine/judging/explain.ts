// Asks every rule of a step by itself and says what each would answer, without counting, refusing or reporting: for
// people who want to know why.

import { isPublic } from '../../core/policy/public-address.ts'
import type { Known, Mode, Rule } from '../../core/policy/rule.ts'
import { NOTHING_KNOWN } from '../../core/policy/rule.ts'
import type { Fact } from '../../model/question.ts'
import type { AttributedStep, Step } from '../../model/step.ts'
import { ACCEPT, type Verdict } from '../../model/verdict.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Lookups } from '../../ports/lookups.ts'
import { type Attribution, attribute } from '../evidence/attribute.ts'
import { onFailure, withFacts } from './counting.ts'
import { both, isSkipped, exemptRules } from './phases.ts'

export type Explained = {
  readonly rule: string
  readonly mode: Mode
  /** An entry of an access list skips it: it is not evaluated. */
  readonly skipped?: true
  /** The rule looks up public addresses, and the client's address is not public: nothing was looked up. */
  readonly onlyOfPublic?: true
  readonly verdict: Verdict
  /** What was looked up. */
  readonly facts: readonly Fact[]
}

export type ExplainParts = Attribution & {
  readonly counters: Counters
  readonly lookups: Lookups
}

/** In the order in which the rules are evaluated; the first that enforces a refusal would have ended the step. */
export async function explain(
  parts: ExplainParts,
  rules: readonly Rule[],
  step: Step,
): Promise<readonly Explained[]> {
  const asked = attribute(parts, step)
  const found: Explained[] = []
  let skipRules = both(exemptRules(asked), asked.skipRules)
  for (const rule of rules) {
    if (!rule.listeners.includes(step.listener) || !rule.stages.includes(step.stage)) continue
    const { name, mode } = rule
    if (isSkipped(rule, skipRules)) {
      found.push({ rule: name, mode, skipped: true, verdict: ACCEPT, facts: [] })
      continue
    }
    const facts = await Promise.all((rule.asks?.(asked) ?? []).map(one => parts.lookups.ask(one)))
    const verdict = (await answerOf(parts, rule, { step: asked, facts })) ?? ACCEPT
    if (verdict.kind === 'accept' && mode === 'enforce')
      skipRules = both(skipRules, verdict.skipRules)
    const unasked = facts.length === 0 && isOnlyOfPublic(rule, asked)
    found.push({ rule: name, mode, ...(unasked ? { onlyOfPublic: true } : {}), verdict, facts })
  }
  return found
}

/** An address of the Internet (RFC 5737 keeps it for examples). */
const PUBLIC_ADDRESS = '203.0.113.1'

/** Asked of the same client with another address, it would look something up. */
function isOnlyOfPublic({ asks, counts }: Rule, step: AttributedStep): boolean {
  if (isPublic(step.client.address)) return false
  const wanted = (one: AttributedStep) => (asks ? asks(one) : (counts?.(one, []) ?? [])).length
  const elsewhere = { ...step, client: { ...step.client, address: PUBLIC_ADDRESS } }
  return wanted(step) === 0 && wanted(elsewhere) > 0
}

async function answerOf(
  { counters }: ExplainParts,
  rule: Rule,
  { step, facts }: { readonly step: AttributedStep; readonly facts: readonly Fact[] },
): Promise<Verdict | undefined> {
  if (!rule.counts)
    return facts.length > 0 ? withFacts(rule, step, facts) : rule.decide(step, NOTHING_KNOWN)
  const counted = await counters.apply({ at: step.at, mode: 'peek', ops: rule.counts(step, facts) })
  if ('failed' in counted) return onFailure(rule)
  const { refusedBy, resetAt = step.at, readings } = counted
  const known: Known = {
    facts,
    readings,
    ...(refusedBy === undefined ? {} : { over: { index: refusedBy, resetAt } }),
  }
  return rule.decide(step, known)
}
