// Staff open the window of a line or login for so many people, until a time.

import { HOUR } from '../../model/duration.ts'
import type { Subject } from '../../model/evidence.ts'
import type { OrderOutcome } from '../../model/order.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { giveWord, mayTell, notTheirs, type WordParts } from './give-word.ts'

export async function openWindow(
  parts: WordParts,
  { order, actor, at }: GivenOrderOf<'open-window'>,
): Promise<OrderOutcome> {
  const subject = order.subject as Subject
  if (!mayTell(parts, actor, subject)) return notTheirs(order.subject)
  const { recipients, hours } = order
  const word = { at, subject, said: 'opened', recipients, lasts: hours * HOUR } as const
  const until = `${new Date(at + hours * HOUR).toISOString().slice(0, 19)}Z`
  return giveWord(
    parts,
    actor,
    word,
    `The window of ${order.subject} is open until ${until}: mail to ${recipients} new people leaves without waiting, and half as many messages that are judged spam.`,
  )
}
