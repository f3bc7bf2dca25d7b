// Messages that Postfix may hold for us for ever, because Cordon does not release them any more; an administrator must know of them. Those that
// have another name now: long queue ids were turned off, and a short name is used again for other mail. Those that were never in the queue that
// the releaser looks at: it may be that of another instance, or of another machine.

import { type Tellers, tellOnceADay } from '../../letters/once-a-day.ts'
import type { Lost, Renamed } from './held-elsewhere.ts'

/** Named in one alarm. */
const NAMED = 50

export async function tellLost(
  tellers: Tellers,
  { renamed, unseen }: Lost,
  at: number,
): Promise<void> {
  tellRenamed(tellers, renamed, at)
  if (unseen.length === 0) return
  const words = `the releaser has not seen messages that Postfix was told to hold (${named(unseen)}). It may look at the queue of another instance or machine: then they lie held in that of the Postfix that asks Cordon, and no program releases them. See postqueue -p and cordon doctor postfix there, and set MAIL_CONFIG for the releaser. A message that its client, another milter or a person took away within a minute is named here, too`
  await tellOnceADay(tellers, {
    alarm: 'no-releaser',
    about: 'held mail',
    words,
    at,
    of: 'never seen',
  })
}

function tellRenamed(
  { reporter }: Pick<Tellers, 'reporter'>,
  renamed: readonly Renamed[],
  at: number,
): void {
  const [first] = renamed
  if (!first) return
  const names = named(renamed.map(({ was, is }) => `${was} is ${is} now`))
  const words = `held messages have short queue ids now (${names}), because enable_long_queue_ids is not yes: Cordon does not release or delete these. Look at each (postcat -qh) and say postsuper -H or -d; set enable_long_queue_ids = yes`
  reporter.report({ kind: 'alarm-raised', alarm: 'no-releaser', about: first.was, words, at })
}

function named(all: readonly string[]): string {
  const more = all.length > NAMED ? `, and ${all.length - NAMED} more` : ''
  return `${all.slice(0, NAMED).join(', ')}${more}`
}
