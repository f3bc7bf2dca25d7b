// Messages whose lines are still coming, by queue id: at most so many. The one that began first is told of as it is for a new one, and
// counted.

import { classifyReply } from '../../mail/reply-class.ts'
import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../model/logged-mail.ts'
import type { LogFact } from './log-fact.ts'

export type OpenMail = {
  readonly id: string
  at: number
  who: LoggedSender | undefined
  address: string | undefined
  sender: string | undefined
  size: number | undefined
  recipients: number
  messageId: string | undefined
  /** It came back from a filter: what becomes of it is said of the message that went there. */
  parent: OpenMail | undefined
  /** Open messages of which it is the parent. */
  children: number
  told: boolean
  /** It has the Message-ID of another. */
  isLike: boolean
  endedAt: number | undefined
  /** By recipient, as the agent writes it. */
  readonly answers: Map<string, LoggedAnswer>
}

export const newMail = (id: string, at: number): OpenMail => ({
  id,
  at,
  who: undefined,
  address: undefined,
  sender: undefined,
  size: undefined,
  recipients: 0,
  messageId: undefined,
  parent: undefined,
  children: 0,
  told: false,
  isLike: false,
  endedAt: undefined,
  answers: new Map(),
})

/** Recipients of one message of which is kept what became of them. */
const MOST_ANSWERS = 2000

/** The answer where it is news: the first of its recipient, or one that ends what was deferred. */
export function answered(
  mail: OpenMail,
  { recipient, outcome, local, words }: Extract<LogFact, { kind: 'delivery' }>,
): LoggedAnswer | undefined {
  const before = mail.answers.get(recipient)
  if (before && (before.outcome !== 'deferred' || outcome === 'deferred')) return undefined
  if (!before && mail.answers.size >= MOST_ANSWERS) return undefined
  const answer: LoggedAnswer = {
    recipient,
    outcome,
    local,
    ...(outcome === 'bounced' ? { result: classifyReply(codeIn(words), words) } : {}),
  }
  mail.answers.set(recipient, answer)
  return answer
}

/** `host x said: 550 5.1.1 …`; a bounce without one is for good. */
const codeIn = (words: string): number =>
  Number(/(?:^|[\s:])([45]\d\d)[\s-]/.exec(words)?.[1] ?? 550)

/** Undefined: its beginning is not in the log, or it is a report of the server's own. */
export function loggedMail(mail: OpenMail): LoggedMail | undefined {
  const { id, at, who, address, sender, size, answers } = mail
  if (!who) return undefined
  return {
    at,
    id,
    who,
    sender: sender ?? '',
    recipients: Math.max(mail.recipients, answers.size),
    answers: [...answers.values()],
    ...(address === undefined ? {} : { address }),
    ...(size === undefined ? {} : { size }),
  }
}
