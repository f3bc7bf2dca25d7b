// The domain that says, by its SPF record, that a server sends for it.

import { type Fact, firstAnswer } from '../../model/question.ts'

export function vouchedDomain(facts: readonly Fact[]): string | undefined {
  const spf = firstAnswer('spf', facts)
  return spf?.result === 'pass' && spf.domain !== '' ? spf.domain : undefined
}
