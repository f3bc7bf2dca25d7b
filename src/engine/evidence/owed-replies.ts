// Correspondents to whom a login owes an answer, because their message came in: keyed hashes of its id and of each address that may be
// answered. A bot can write In-Reply-To, too, and may have a helper outside: so only a message that really came in counts, only an answer
// to an address whose domain vouches for it is free, once for each correspondent and a few times a day; the rest is `led` (model/event.ts).
//
// Not here: what follows (core/detection/weigh.ts).

import { replyKey } from '../../mail/correspondent-key.ts'
import type { Op, Reading } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import { loginOf } from '../../model/evidence.ts'
import { parseMailAddress } from '../../model/mail-address.ts'
import type { MessageSummary } from '../../model/message.ts'
import { correspondentsOf } from './correspondents.ts'

/** How long after a message came in an answer to it is owed, and to one correspondent once in that time. */
export const OWED_FOR = 14 * DAY
/** Owed answers of a login to new correspondents in a day that are no evidence; further ones make mail wait and never isolate. */
export const FREE_A_DAY = 20
/** Messages to a login in a day whose answers are owed. */
const REMEMBERED_A_DAY = 200
/** The window of both. */
const COUNTED_IN = DAY
/** Recipients. An answer to more of them is a message like any other. */
const MAX_RECIPIENTS = 4
/** Authors of one message to whom an answer is owed, beside its envelope sender and Reply-To. */
const MAX_AUTHORS = 2

type AnswerKind = NonNullable<MessageFacts['answer']>

/** What its sender did, as far as it is an answer; undefined when it answers nothing, or goes to too many. */
export type Answering = {
  readonly login: string
  /** Keyed hashes, one for each recipient. */
  readonly correspondents: readonly string[]
  /** For each recipient those of the messages it may answer. */
  readonly replies: readonly (readonly string[])[]
}

/** An answer; if it is `owed`, `login` and `to` say which allowance it uses. */
export type SentAnswer = {
  readonly kind: AnswerKind
  readonly login: string
  readonly to: readonly string[]
}

export function answering(
  { answered = [] }: Pick<MessageSummary, 'answered'>,
  sent: {
    readonly login: string | undefined
    readonly recipients: readonly string[]
    readonly correspondents: readonly string[]
  },
  secret: string,
): Answering | undefined {
  const { login, recipients, correspondents } = sent
  if (login === undefined || answered.length === 0 || recipients.length > MAX_RECIPIENTS)
    return undefined
  const replies = recipients.map(to => answered.map(id => replyKey(id, to, secret)))
  return { login, correspondents, replies }
}

/** To be peeked; `answerOf` reads the result. */
export function answerOps({ login, correspondents, replies }: Answering): Op[] {
  return [
    freeOp(login, 0),
    manyOp(login),
    ...correspondents.flatMap((correspondent, i): Op[] => [
      correspondentsOf(login, [correspondent]),
      usedOp(login, correspondent),
      ...(replies[i] ?? []).flatMap(reply => [
        replyOp('owed', login, reply),
        replyOp('led', login, reply),
      ]),
    ]),
  ]
}

/**
 * From the readings of `answerOps`. Every recipient is known, or may be answered, and at least one may be answered; undefined when not.
 * Where all are known there is nothing to be free of: the answer is led, and uses nothing.
 */
export function answerOf(
  { login, correspondents, replies }: Answering,
  [free, many, ...others]: readonly Reading[],
): SentAnswer | undefined {
  const perRecipient = 2 + 2 * (replies[0]?.length ?? 0)
  const to: string[] = []
  let owed = true
  let led = false
  for (const [i, correspondent] of correspondents.entries()) {
    const [known, used, ...marks] = others.slice(i * perRecipient, (i + 1) * perRecipient)
    if (!known) return undefined
    const isSeen = (kind: 0 | 1) => marks.some((mark, at) => at % 2 === kind && mark.value > 0)
    if (known.novel === 0) {
      led ||= isSeen(0) || isSeen(1)
      continue
    }
    // Where more messages came in than are remembered, the answered one may have been among them.
    if (!isSeen(0) && !isSeen(1) && !many?.value) return undefined
    owed &&= isSeen(0) && used?.value === 0
    to.push(correspondent)
  }
  if (to.length === 0) return led ? { kind: 'led', login, to } : undefined
  const isFree = owed && (free?.value ?? FREE_A_DAY) + to.length <= FREE_A_DAY
  return { kind: isFree ? 'owed' : 'led', login, to: isFree ? to : [] }
}

/** Takes what is free: to be taken with the message. */
export function spendOps({ login, to }: SentAnswer): Op[] {
  if (to.length === 0) return []
  return [freeOp(login, to.length), ...to.map(one => usedOp(login, one))]
}

/** From the readings of `spendOps`: no other answer used it first. A store that does not answer gives nothing away. */
export const wasFree = ([free, ...used]: readonly Reading[]): boolean =>
  free !== undefined && free.value <= FREE_A_DAY && used.every(({ value }) => value === 1)

/** A message that came in, which its recipients may answer. */
export type Incoming = {
  readonly id: string
  readonly sender: string
  readonly summary: Pick<MessageSummary, 'from' | 'replyTo' | 'listId' | 'automatic'>
  readonly isSpam: boolean
  /** Its sender really owns the domain of this address. */
  readonly isVouched: (address: string) => boolean
}

/** How much of today is remembered for a login: to be peeked. */
export const rememberedOp = (login: string, amount = 0): Op => ({
  op: 'sum',
  key: `${loginOf(login)}#may-answer`,
  amount,
  window: COUNTED_IN,
})

/** Notes which addresses a login may answer. No answer is owed to lists and programs. */
export function rememberOps(
  login: string,
  remembered: number,
  of: Incoming & { readonly secret: string },
): Op[] {
  const { id, sender, summary, isSpam, isVouched, secret } = of
  if (summary.listId !== undefined || (summary.automatic && sender !== '')) return []
  const addresses = [sender, ...summary.from.slice(0, MAX_AUTHORS), ...(summary.replyTo ?? [])]
  const real = [...new Set(addresses)].filter(address => parseMailAddress(address) !== undefined)
  if (real.length === 0) return []
  if (remembered >= REMEMBERED_A_DAY) return [manyOp(login)]
  return [
    rememberedOp(login, 1),
    ...real.map(address =>
      replyOp(!isSpam && isVouched(address) ? 'owed' : 'led', login, replyKey(id, address, secret)),
    ),
  ]
}

const replyOp = (kind: AnswerKind, login: string, reply: string): Op => ({
  op: 'mark',
  key: `${kind}:${login}:${reply}`,
  ttl: OWED_FOR,
})
const usedOp = (login: string, correspondent: string): Op => ({
  op: 'mark',
  key: `answered:${login}:${correspondent}`,
  ttl: OWED_FOR,
})
const freeOp = (login: string, amount: number): Op => ({
  op: 'sum',
  key: `${loginOf(login)}#owed`,
  amount,
  window: COUNTED_IN,
})
/** More came in today than is remembered. */
const manyOp = (login: string): Op => ({ op: 'mark', key: `may-answer:${login}`, ttl: COUNTED_IN })
