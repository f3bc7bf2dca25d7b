// A message that another server keeps, and of which a part would wait for the window of its sender: that server holds it whole, and its releaser
// lets it go with the token of its last recipient. Without a working releaser it goes; what would have waited is told.

import { PACED } from '../../../model/held-for.ts'
import { ACCEPT, type Verdict } from '../../../model/verdict.ts'
import type { MessagePlace } from '../../evidence/window-place.ts'
import { envelopeOf } from '../envelope.ts'
import type { Message } from '../examine.ts'
import { roomToHold } from '../room-to-hold.ts'
import type { SubmitParts } from '../submit-parts.ts'
import { windowThere } from './held-record.ts'
import { recordOf, tellUnreleasable, type ToHold, verdictOf } from './hold-there.ts'

/** Once it is counted. Undefined where too much of its sender's mail waits already: the message is deferred. */
export async function paceThere(
  parts: SubmitParts,
  message: Message,
  { placed, nats, counters }: Pick<ToHold, 'nats' | 'counters'> & { readonly placed: MessagePlace },
): Promise<Verdict | undefined> {
  const { tx, id } = message
  const window = windowThere(message.facts, placed)
  if (!window) return ACCEPT
  const envelope = await envelopeOf(parts, message, { verdict: ACCEPT, nats, placed })
  const verdict = { kind: 'hold', reason: PACED, until: tx.at } as const
  const { keptAs = '' } = tx
  const record = { ...recordOf(message, envelope, { verdict, window }), paced: true as const }
  const wrong = parts.elsewhere.whyNot(keptAs)
  if (wrong || !(await parts.elsewhere.keepUnanswered(record))) {
    const { units: recipients, ...place } = window
    const { facts } = message
    await parts.window.observe({ ...place, message: id, recipients, facts, at: tx.at })
    const { counters: all, reporter } = parts
    await tellUnreleasable({ counters: all, reporter }, wrong || 'full', { at: tx.at, verdict })
    return ACCEPT
  }
  try {
    await parts.window.admit(id, placed.payer, tx.at)
  } catch (error) {
    // It is kept, and is looked at again.
    parts.trouble(error, 'the window')
  }
  const held = parts.elsewhere.answered(keptAs)
  if (!held) return ACCEPT
  if (await roomToHold(counters, message)) return verdictOf(held)
  await parts.elsewhere.forget(keptAs)
  return undefined
}
