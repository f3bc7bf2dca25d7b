// Messages that Postfix holds for us under another name now: long queue ids were turned off. Cordon releases none of them, because a short
// name is used again for other mail; an administrator must know of them, or they lie there for ever.

import type { Reporter } from '../../evidence/report.ts'
import type { Renamed } from './held-elsewhere.ts'

/** Named in one alarm. */
const NAMED = 5

export function tellRenamed(
  { reporter }: { readonly reporter: Pick<Reporter, 'report'> },
  renamed: readonly Renamed[],
  at: number,
): void {
  const [first] = renamed
  if (!first) return
  const named = renamed.slice(0, NAMED).map(({ was, is }) => `${was} is ${is} now`)
  const more = renamed.length > NAMED ? `, and ${renamed.length - NAMED} more` : ''
  const words = `held messages have short queue ids now (${named.join(', ')}${more}), because enable_long_queue_ids is not yes: Cordon does not release or delete these. Look at each (postcat -qh) and say postsuper -H or -d; set enable_long_queue_ids = yes`
  reporter.report({ kind: 'alarm-raised', alarm: 'no-releaser', about: first.was, words, at })
}
