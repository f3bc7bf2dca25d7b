// What the page behind a refusal says of it.

import type { Fact } from '../../model/question.ts'
import type { Verdict } from '../../model/verdict.ts'

/** What one rule says of a step now. */
export type RefusalFacts = {
  readonly rule: string
  readonly verdict: Verdict
  readonly facts: readonly Fact[]
}
