// Mail to addresses that were never given out, and whether an outsider may have led to it. A trap is a weapon as well: an outsider who
// knows one can write it into Reply-To, Cc, List-Unsubscribe or a link, and wait. So Cordon notes which traps mail from outside names to
// which customer.
//
// Not here: what follows (core/detection/weigh.ts).

import { NUMBERS } from '../../core/detection/numbers.ts'
import { correspondentKey } from '../../mail/correspondent-key.ts'
import type { Op } from '../../model/counter.ts'
import { DAY } from '../../model/duration.ts'
import type { EventOf } from '../../model/event.ts'
import type { Subject } from '../../model/evidence.ts'
import type { Who } from '../../model/lease.ts'
import { foldAddress, personOf } from '../../model/mail-address.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { Transaction } from '../../model/step.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { peek } from './gather.ts'
import { isUsualText } from './usual-texts.ts'

export type TrapParts = {
  readonly subscribers: Subscribers
  readonly counters: Counters
  /** Key of the hashes under which correspondents are remembered. */
  readonly secret: string
  /** Addresses that were never given out, in lower case. */
  readonly traps?: () => ReadonlySet<string>
}

/** How long mail to a trap is no evidence after mail from outside named the trap to the customer. */
const NAMED_FOR = 90 * DAY
/** How long mail to a trap is no new evidence after the customer wrote to it. */
const KNOWN_FOR = 180 * DAY
/** Phrases in common that make two texts one template: six words in a row, or several phrases. Texts with fewer are not compared. */
const ONE_TEMPLATE = 3
/** Characters. A shorter text to a trap may be a request to leave a mailing list. */
const SHORT = 200

/** Traps among the recipients, as they may be written down, and whether an outsider may have led to them. */
export type Trapped = {
  readonly keys: readonly string[]
  /** As they stand in the configuration, the first few: they are ours, and staff must know which is burnt. */
  readonly addresses: readonly string[]
  readonly led: boolean
}

/** Traps of one message that are named. */
const MAX_NAMED = 3

/** Undefined when the message goes to no trap, or a program sent it: reports, receipts, automatic answers, and forwarded mail. */
export async function trappedBy(
  parts: TrapParts,
  tx: Transaction,
  { summary, who }: { readonly summary: MessageSummary; readonly who: Who },
): Promise<Trapped | undefined> {
  const traps = parts.traps?.()
  if (!traps || traps.size === 0) return undefined
  if (summary.automatic || summary.receipt || tx.sender === '' || tx.listener === 'internal')
    return undefined
  if (tx.listener === 'inbound' && summary.hops > 0) return undefined
  const hit = tx.recipients.filter(to => traps.has(foldAddress(to)) || traps.has(personOf(to)))
  const keys = keysOf(hit, parts.secret)
  if (keys.length === 0) return undefined
  const addresses = [...new Set(hit.map(foldAddress))].slice(0, MAX_NAMED)
  return {
    keys,
    addresses,
    led: isAnswer(summary) || (await wereNamed(parts, tx.at, { who, keys })),
  }
}

/** Mail to a person who wrote or asked for it, or mail to leave a list: others choose where it goes. */
function isAnswer({ answers, listId, subject, text }: MessageSummary): boolean {
  const words = text.trim()
  const leaves = words.length < SHORT && /unsubscribe/i.test(`${subject} ${words}`)
  return answers === true || listId !== undefined || words === '' || leaves
}

/** One of them is enough: it may have brought the others along. A store that does not answer proves no guilt. */
async function wereNamed(
  parts: TrapParts,
  at: number,
  { who, keys }: { readonly who: Who; readonly keys: readonly string[] },
): Promise<boolean> {
  const customers = new Set([customerOf(parts.subscribers, who.login), who.subscriber])
  const ops = [...customers].flatMap(id => (id === undefined ? [] : [namedTo(id, keys)]))
  const readings = await peek(parts, at, ops)
  return readings.length < ops.length || readings.some(({ novel }) => novel !== keys.length)
}

/** Notes what mail from outside names to our customers. */
export async function rememberNamed(
  parts: TrapParts,
  tx: Transaction,
  { named = [] }: MessageSummary,
): Promise<void> {
  if (named.length === 0) return
  const keys = keysOf(named, parts.secret)
  const logins = tx.recipients.map(to => parts.subscribers.loginOf(foldAddress(to))?.name)
  const customers = new Set(logins.map(login => customerOf(parts.subscribers, login)))
  const ops = [...customers].flatMap(id => (id === undefined ? [] : [namedTo(id, keys)]))
  if (ops.length > 0) await parts.counters.apply({ at: tx.at, mode: 'take', ops })
}

/**
 * Counts a text that goes to traps and was taken: of each subject the different ones within a week that were sent as to a list
 * (intake/list-runs.ts), each to a trap that was new to it. That no outsider is seen to have led to a trap does not prove that none has: an
 * address can be named so that only a person or one program reads it. So the sender of a single message to a trap is `alone`, and may have
 * been led; so is a sender of texts that it sends to strangers every day, for a form answers any address that a visitor names; and so is
 * the sender of a text that is too short to be told from another, or too long (`shingles` is undefined). Texts of one template are one.
 * Nothing when it is not known, or no matter.
 */
export async function countTraps(
  { counters }: Pick<TrapParts, 'counters'>,
  at: number,
  of: Omit<Trapped, 'addresses'> & {
    readonly text: string
    readonly shingles: readonly string[] | undefined
    readonly epochs: ReadonlyMap<Subject, number>
    readonly asToList: ReadonlySet<Subject>
  },
): Promise<Pick<EventOf<'tx-commit'>, 'trapTexts' | 'trapAlone'>> {
  const alone: Subject[] = []
  const texts: { [subject: Subject]: number } = {}
  const { shingles } = of
  const add = async (key: string, members: readonly string[], window: number) => {
    const op: Op = { op: 'distinct', key, members, window }
    const counted = await counters.apply({ at, mode: 'take', ops: [op] })
    return 'failed' in counted ? undefined : counted.readings[0]
  }
  for (const [subject, epoch] of of.epochs) {
    // A release begins a new count: what was before it is over.
    const seen = await add(`traps:${subject}:${epoch}`, of.keys, KNOWN_FOR)
    if (of.led || !seen) continue
    if (seen.novel === 0) texts[subject] = 0
    else if (
      !of.asToList.has(subject) ||
      shingles === undefined ||
      shingles.length < ONE_TEMPLATE ||
      (await isUsualText({ counters }, at, { subject, epoch, shingles }))
    ) {
      texts[subject] = 1
      alone.push(subject)
    } else {
      const within = NUMBERS.trapsWithin.value
      const phrases = await add(`trap-phrases:${subject}:${epoch}`, shingles, within)
      const alike = shingles.length - (phrases?.novel ?? 0)
      const isAnother = alike < ONE_TEMPLATE
      const told = await add(`trap-texts:${subject}:${epoch}`, isAnother ? [of.text] : [], within)
      if (told) texts[subject] = told.value
    }
  }
  if (of.led) return {}
  return alone.length === 0 ? { trapTexts: texts } : { trapTexts: texts, trapAlone: alone }
}

const namedTo = (customer: string, members: readonly string[]): Op => ({
  op: 'distinct',
  key: `named-traps:${customer}`,
  members,
  window: NAMED_FOR,
})

const keysOf = (addresses: readonly string[], secret: string): readonly string[] => [
  ...new Set(addresses.map(address => correspondentKey(address, secret))),
]

const customerOf = (subscribers: Subscribers, login: string | undefined): string | undefined =>
  login === undefined ? undefined : subscribers.byLogin(login)?.id
