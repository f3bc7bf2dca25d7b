// A mailing is announced: so many people more may get mail for some hours. Of one line or login no more on a day than may be announced at once.

import { DAY, HOUR } from '../../model/duration.ts'
import type { Subject } from '../../model/evidence.ts'
import { MOST_ANNOUNCED } from '../../orders/contract/announce-mailing.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { giveWord, mayTell, notTheirs, type WordParts } from './give-word.ts'
import { looked, type OwnersOutcome } from './may-touch.ts'
import type { refused } from './outcome.ts'
import { notProven, type ProofParts } from './proven-owner.ts'

export async function announceMailing(
  parts: WordParts & ProofParts,
  { order, actor, at }: GivenOrderOf<'announce-mailing'>,
): Promise<OwnersOutcome> {
  const subject = order.subject as Subject
  const mine = mayTell(parts, actor, subject)
  if (!mine) return notTheirs(order.subject) as ReturnType<typeof refused>
  const unproven = await notProven(parts, actor, { code: order.factor, at })
  if (unproven) return unproven
  const { recipients, hours = DAY / HOUR } = order
  const [key, amount] = [`announced:${subject}`, recipients]
  const ops = [{ op: 'sum', key, amount, window: DAY, limit: MOST_ANNOUNCED }] as const
  const tooOften = `No more than ${MOST_ANNOUNCED} people can be announced on a day. Please call our service desk about a larger mailing.`
  const word = { at, subject, said: 'announced', recipients, lasts: hours * HOUR } as const
  const text = `Thank you. Within ${hours} ${hours === 1 ? 'hour' : 'hours'} mail to ${recipients} new people goes out without waiting.`
  return looked(mine, await giveWord(parts, actor, { ...word, atMost: { ops, tooOften } }, text))
}
