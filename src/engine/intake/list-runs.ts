// Does a subject send as to a list? Then an address among the recipients came from it. A person who answers a stranger's message, however
// that was brought about, writes to one stranger now and then, and says what is answered. A list that an outsider can add an address to is
// no such list: members who signed up by themselves are few among those who are known, or one message has them all.

import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { Subject } from '../../model/evidence.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { AttributedStep } from '../../model/step.ts'

/** Messages to strangers within the hour before. A person who writes each by hand seldom writes so many; a bot writes hundreds. */
const LIST_FROM = 5

type OneMessage = {
  readonly summary: Pick<MessageSummary, 'answers' | 'listId' | 'automatic' | 'hops'>
  readonly facts: Pick<MessageFacts, 'recipients' | 'firstTime'>
  readonly step: Pick<AttributedStep, 'listener' | 'unknownTo'>
}

/** Of its recipients at least half are strangers, and it is no answer, list mail or automatic mail. */
export function isToStrangers({ summary, facts, step }: OneMessage): boolean {
  if (summary.answers || summary.listId !== undefined || summary.automatic) return false
  if (step.listener === 'inbound' && summary.hops > 0) return false
  const strangers = step.unknownTo ?? facts.firstTime
  return strangers > 0 && strangers * 2 >= facts.recipients
}

/** Messages to strangers are counted within this time. */
const LIST_WITHIN = HOUR

/** One message to strangers more; a release begins a new count. */
export const strangersOp = (subject: Subject, epoch: number): Op => ({
  op: 'sum',
  key: `${subject}#strangers-${epoch}`,
  amount: 1,
  window: LIST_WITHIN,
})

/** `toStrangers`, `all`: messages of one subject within the hour, this one included. What was not counted is no list. */
export const isListRun = (toStrangers: number | undefined, all: number): boolean =>
  toStrangers !== undefined && toStrangers > LIST_FROM && toStrangers * 2 >= all
