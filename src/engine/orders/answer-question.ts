// The owner says whether mail that waits is theirs. "It was me" opens the window for a day, once in two weeks; "it was not me" stops the login. A
// line is used by all of a household: one of them stops nothing for the others.

import { DAY, HOUR } from '../../model/duration.ts'
import { isLine, type Subject } from '../../model/evidence.ts'
import { QUIET_FOR } from '../../model/decision.ts'
import type { GivenOrderOf } from '../../orders/contract/orders.ts'
import { giveWord, mayTell, notTheirs, type WordParts } from './give-word.ts'
import { impose } from './impose.ts'
import { looked, type OwnersOutcome } from './may-touch.ts'
import type { OrderParts } from './order-parts.ts'
import { done, type refused } from './outcome.ts'
import { notProven, type ProofParts } from './proven-owner.ts'

type AnswerParts = WordParts & ProofParts & Parameters<typeof impose>[0]

/** "It was me" counts once within this time. [proto] */
const WORD_EVERY = 14 * DAY
/** What it opens lasts for so long. */
const WORD_LASTS = DAY

const ME =
  'Thank you. What waits goes out now, as far as it is a usual number; more than that goes by itself, as before.'
const TOO_OFTEN =
  'That was said within the last two weeks already. What waits goes by itself, as before; if it should go at once, please call our service desk.'
const NOT_ME_LINE =
  'Thank you. Perhaps another person in your home wrote it: ask them. If they did not, check every device with an up-to-date virus scanner, and delete what waits.'

export async function answerQuestion(
  parts: AnswerParts,
  { order, actor, at }: GivenOrderOf<'answer-question'>,
): Promise<OwnersOutcome> {
  const subject = order.subject as Subject
  const mine = mayTell(parts, actor, subject)
  if (!mine) return notTheirs(order.subject) as ReturnType<typeof refused>
  if (order.answer === 'not-me') return looked(mine, await notMe(parts, subject, { actor, at }))
  const unproven = await notProven(parts, actor, { code: order.factor, at })
  if (unproven) return unproven
  const ops = [
    { op: 'sum', key: `word-of:${subject}`, amount: 1, window: WORD_EVERY, limit: 1 },
  ] as const
  const word = { at, subject, said: 'was-me', lasts: WORD_LASTS } as const
  return looked(
    mine,
    await giveWord(parts, actor, { ...word, atMost: { ops, tooOften: TOO_OFTEN } }, ME),
  )
}

/** It opens nothing, so it takes no proof. */
async function notMe(
  parts: AnswerParts & Pick<OrderParts, 'reporter'>,
  subject: Subject,
  { actor, at }: Pick<GivenOrderOf<'answer-question'>, 'actor' | 'at'>,
) {
  const by = actor.kind === 'owner' ? 'owner' : 'staff'
  const told = { kind: 'word-given', at, subject, said: 'not-me', by } as const
  if (isLine(subject)) {
    await parts.reporter.tellEpisodes(told)
    return done(NOT_ME_LINE)
  }
  const order = {
    kind: 'impose',
    subject,
    decision: 'stop-login',
    hours: QUIET_FOR / HOUR,
    why: 'its owner says that mail which waits is not theirs',
    letter: false,
  } as const
  const stopped = await impose(parts, { order, actor: { kind: 'staff', name: by }, at })
  if (!stopped.done) return stopped
  await parts.reporter.tellEpisodes(told)
  return done(
    'Thank you. Sending with this mail account is stopped. Delete what waits and is not yours, and set a new mail password: then sending works again at once.',
  )
}
