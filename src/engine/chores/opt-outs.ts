// Once in a while: names that customers gave are looked up again, and a customer who has not confirmed for a year is reminded; then port 25
// is closed.

import { due } from '../../core/isolation/opt-out.ts'
import { MINUTE } from '../../model/duration.ts'
import type { OptOut } from '../../model/opt-out.ts'
import { resolveAll } from '../port25/opt-out-checks.ts'
import { closeOptOut, type OptOutParts, save } from '../port25/opt-outs.ts'
import { optOutLetter } from '../letters/opt-out-letters.ts'
import type { Chore } from './chore.ts'

export const optOuts: Chore<{ readonly optOut: OptOutParts | undefined }> = {
  name: 'opt-outs',
  every: 10 * MINUTE,
  where: 'once',
  run: async ({ optOut }, at) => optOut && lookAfterOptOuts(optOut, at),
}

export async function lookAfterOptOuts(parts: OptOutParts, at: number): Promise<void> {
  for (const optOut of parts.optOuts.all()) {
    const asks = due(optOut, at)
    if (asks === 'end') {
      await closeOptOut(parts, optOut, { by: 'time', at })
      continue
    }
    if (asks === 'remind') {
      const reminded = await save(
        parts,
        optOut.id,
        now => (now?.state === 'open' ? { ...now, remindedAt: at } : undefined),
        at,
      )
      if (reminded) await optOutLetter(parts.notifier, optOut, { kind: 'opt-out-reminder', at })
    }
    if (optOut.state === 'open' && optOut.kind === 'destinations')
      await lookUpAgain(parts, optOut, at)
  }
}

/** What cannot be looked up now stays as it was. */
async function lookUpAgain(parts: OptOutParts, optOut: OptOut, at: number): Promise<void> {
  const looked = await resolveAll(parts, optOut)
  const addresses = 'found' in looked ? looked.found.addresses : undefined
  if (!addresses || addresses.toSorted().join() === optOut.addresses.toSorted().join()) return
  const moved = (now: OptOut | undefined) =>
    now?.state === 'open' ? { ...now, addresses } : undefined
  if (await save(parts, optOut.id, moved, at)) await parts.reconcile(optOut.subscriber)
}
