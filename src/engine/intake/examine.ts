// One look at a message that has streamed by: its sender, content and recipients, and what the counters know of them. The facts
// found here travel with the message, so that later results and replay need not look again.

import { isForOurPostmaster } from '../../core/policy/postmaster.ts'
import { correspondentKey } from '../../mail/correspondent-key.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { EpisodeFacts } from '../../model/episode.ts'
import { fnv1a } from '../../model/fnv-1a.ts'
import type { Who } from '../../model/lease.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import { DAMAGED, type MessageSummary, type Unreadable } from '../../model/message.ts'
import type { AttributedStep, Transaction } from '../../model/step.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Names } from '../../ports/names.ts'
import type { Recipients } from '../../ports/recipients.ts'
import { type Attribution, attribute, ownedBy, subjectsOfClient } from '../evidence/attribute.ts'
import { callersOf, correspondentsOf } from '../evidence/correspondents.ts'
import { type Away, awayOf, episodeFacts } from '../evidence/episode-facts.ts'
import { peek } from '../evidence/gather.ts'
import { type History, historyOf, NO_HISTORY } from '../evidence/history.ts'
import { answering, rememberedOp } from '../evidence/owed-replies.ts'
import { type FedByParts, fedBy } from './fed-by.ts'
import type { Whole } from './incoming.ts'
import { type InsideParts, lookInside, withListed } from './look-inside.ts'
import { type Trapped, type TrapParts, trappedBy } from '../evidence/traps.ts'

export type ExamineParts = Attribution &
  FedByParts &
  InsideParts &
  TrapParts & {
    readonly cases: Pick<Cases, 'inForce' | 'epoch'>
    readonly names: Names
    readonly recipients: Pick<Recipients, 'isOurs'>
  }

export type Message = {
  readonly tx: Transaction
  readonly step: AttributedStep
  readonly id: string
  readonly summary: MessageSummary
  /** It has octets above 127. */
  readonly eightBit: boolean
  readonly correspondents: readonly string[]
  /** The sender as it may be written down: a sender from outside is a correspondent, too. */
  readonly sender: string
  readonly facts: MessageFacts
  /** Before it was counted. */
  readonly history: History
  /** It goes to addresses that were never given out. */
  readonly trapped?: Trapped | undefined
  /** Of a stranger's message: the customers among its recipients. */
  readonly readers?: readonly Reader[]
}

export type Reader = {
  readonly login: string
  /** They have had to do with its sender, or heard of them. */
  readonly isKnown: boolean
  /** Messages of today of which it is remembered that they may answer. */
  readonly remembered: number
}

const IS_DAMAGED: ReadonlySet<Unreadable> = new Set(DAMAGED)

/** Content, recipients and history in one look. */
export async function examine(
  parts: ExamineParts,
  tx: Transaction,
  { summary, archives, read, eightBit }: Pick<Whole, 'summary' | 'archives' | 'read' | 'eightBit'>,
): Promise<Message> {
  const id = parts.names.message()
  const step = stepOfMessage(parts, tx)
  const inbound = tx.listener === 'inbound'
  const subjects = fedBy(parts, tx, { who: step.who, hops: summary.hops })
  const ours = inbound ? subjects.length > 0 : tx.listener !== 'internal'
  const correspondents = ours
    ? tx.recipients.map(address => correspondentKey(address, parts.secret))
    : []
  const away = ours ? awayOf(step.who, subjects) : undefined
  const looked = lookInside(parts, tx, { summary, archives, id, read, ours })
  const history = ours
    ? await historyOf(parts, {
        at: tx.at,
        who: step.who,
        subjects,
        correspondents,
        fingerprint: summary.fingerprint,
        answering: answering(summary, { ...tx, correspondents, login: tx.login }, parts.secret),
        away,
      })
    : NO_HISTORY
  const { repeated, answer } = history
  const firstTime = answer?.kind === 'owed' ? 0 : history.firstTime
  const episode = ours ? ofEpisode(parts, step.who, { away, history, summary }) : undefined
  const isOurs = (address: string) => parts.recipients.isOurs(address)
  const sender = inbound ? correspondentKey(tx.sender, parts.secret) : tx.sender
  const readers = inbound ? await readersOf(parts, tx, sender) : undefined
  const unknownTo = readers && tx.recipients.length - readers.filter(one => one.isKnown).length
  const trapped = await trappedBy(parts, tx, { summary, who: step.who })
  const { scan, authentication, listed } = await looked
  const complete = withListed(summary, listed)
  const damaged = ours ? (complete.unreadable?.filter(what => IS_DAMAGED.has(what)) ?? []) : []
  // A customer who reports spam to us sends us that spam.
  const content = ours && !isForOurPostmaster(tx, isOurs) ? scan.content : 'unseen'
  const person = content === 'spam' && firstTime === 0 ? onlyOneOf(correspondents) : undefined
  const facts: MessageFacts = {
    content,
    ...(ours && scan.signsOnly ? { signsOnly: true as const } : {}),
    repeated,
    recipients: tx.recipients.length,
    firstTime,
    exempt: !ours,
    ...(tx.listener === 'internal' ? { own: true as const } : {}),
    subjects,
    ...(trapped ? { trapped: subjectsOfClient(parts, step.who) } : {}),
    ...(trapped?.led ? { trapLed: true } : {}),
    ...(answer ? { answer: answer.kind } : {}),
    ...(damaged.length > 0 ? { damaged } : {}),
    ...(episode || person ? { episode: { ...episode, ...person } } : {}),
  }
  return {
    tx,
    id,
    summary: complete,
    eightBit,
    correspondents,
    sender,
    facts,
    history,
    trapped,
    ...(readers ? { readers } : {}),
    step: {
      ...step,
      ...authorsOwn(parts, step, complete),
      message: complete,
      queueId: id,
      recipients: tx.recipients,
      firstTime,
      ...(unknownTo === undefined ? {} : { unknownTo }),
      scan,
      ...(authentication ? { authentication } : {}),
    },
  }
}

/** The window knows them again. */
const onlyOneOf = ([key, other]: readonly string[]): Pick<EpisodeFacts, 'person'> | undefined =>
  key !== undefined && other === undefined ? { person: fnv1a(key) } : undefined

/** A recipient that is owed an answer is never a first-timer. */
const ofEpisode = (
  parts: Pick<ExamineParts, 'subscribers'>,
  who: Who,
  {
    away,
    history,
    summary,
  }: {
    readonly away: Away | undefined
    readonly history: History
    readonly summary: MessageSummary
  },
): EpisodeFacts | undefined =>
  episodeFacts(parts, {
    who,
    away,
    readings: history.source ?? [],
    newTo: history.answer?.kind === 'owed' ? undefined : history.newTo,
    // A recipient who has written is known.
    met: history.answer?.kind === 'owed' ? undefined : history.met,
    summary,
  })

/** Which of those it says it is from are the login's own. */
function authorsOwn(
  parts: ExamineParts,
  { login, addresses }: AttributedStep,
  { from }: MessageSummary,
): Pick<AttributedStep, 'addresses'> {
  if (login === undefined || !addresses) return {}
  return { addresses: ownedBy(parts, { name: login, addresses }, from) }
}

/** The step at the end of a message, before its content is scanned. */
export function stepOfMessage(parts: Attribution, tx: Transaction): AttributedStep {
  return attribute(parts, {
    session: tx.session,
    listener: tx.listener === 'internal' ? 'inbound' : tx.listener,
    stage: 'message',
    at: tx.at,
    client: tx.client,
    tls: tx.tls,
    helo: tx.helo,
    sender: tx.sender,
    ...(tx.login === undefined ? {} : { login: tx.login }),
    ...(tx.skipRules ? { skipRules: tx.skipRules } : {}),
    ...(tx.local ? { local: true as const } : {}),
    ...(tx.violations ? { violations: tx.violations } : {}),
  })
}

/** The customers among the recipients of a stranger's message; the sender is known to none when the counters do not answer. */
async function readersOf(parts: ExamineParts, tx: Transaction, sender: string): Promise<Reader[]> {
  const logins = tx.recipients.flatMap(to => parts.subscribers.loginOf(foldAddress(to))?.name ?? [])
  const ops = logins.flatMap(name => [
    correspondentsOf(name, [sender]),
    callersOf(name, [sender]),
    rememberedOp(name),
  ])
  const readings = await peek(parts, tx.at, ops)
  return logins.map((login, i) => ({
    login,
    isKnown: readings[3 * i]?.novel === 0 || readings[3 * i + 1]?.novel === 0,
    remembered: readings[3 * i + 2]?.value ?? 0,
  }))
}
