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

type Delivery = Extract<LogFact, { kind: 'delivery' }>

/** Characters of what another server said. */
const MOST_WORDS = 200
/** Recipients of one message of which is kept what became of them. */
const MOST_ANSWERS = 2000

/** The answer where it is news: the first of its recipient, or one that ends what was deferred. */
export function answered(mail: OpenMail, fact: Delivery): LoggedAnswer | undefined {
  const { recipient, outcome } = fact
  const before = mail.answers.get(recipient)
  if (before && (before.outcome !== 'deferred' || outcome === 'deferred')) return undefined
  if (!before && mail.answers.size >= MOST_ANSWERS) return undefined
  const answer = answerOf(fact)
  mail.answers.set(recipient, answer)
  return answer
}

export function answerOf({ recipient, outcome, local, relay, words }: Delivery): LoggedAnswer {
  const answer = { recipient, outcome, local, ...(relay === undefined ? {} : { relay }) }
  if (outcome !== 'bounced') return answer
  const code = codeIn(words)
  return { ...answer, result: classifyReply(code, words), code, words: words.slice(0, MOST_WORDS) }
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
