// One look at a message that has streamed by: whose it is, what it says, to whom, and what is known of that. The facts
// found here travel with the message, so that later results and replay need not look again.

import { isForOurPostmaster } from '../../core/policy/postmaster.ts'
import { correspondentKey } from '../../mail/correspondent-key.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { MessageFacts } from '../../model/event.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { AttributedStep, Transaction } from '../../model/step.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Names } from '../../ports/names.ts'
import type { Recipients } from '../../ports/recipients.ts'
import { type Attribution, attribute, ownedBy, subjectsOfClient } from '../evidence/attribute.ts'
import { correspondentsOf } from '../evidence/correspondents.ts'
import { peek } from '../evidence/gather.ts'
import { type History, historyOf, NO_HISTORY } from '../evidence/history.ts'
import type { Whole } from './incoming.ts'
import { type InsideParts, lookInside, withListed } from './look-inside.ts'
import { type Trapped, type TrapParts, trappedBy } from '../evidence/traps.ts'

export type ExamineParts = Attribution &
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
  /** Why archives could not be listed to their end. */
  readonly cause?: string
  readonly correspondents: readonly string[]
  /** The sender as they may be written down: whoever writes to us from outside is a correspondent, too. */
  readonly sender: string
  readonly facts: MessageFacts
  /** Before it was counted. */
  readonly history: History
  /** It goes to addresses that nobody was ever given. */
  readonly trapped?: Trapped | undefined
}

/** Content, recipients and history in one look. */
export async function examine(
  parts: ExamineParts,
  tx: Transaction,
  { summary, archives, read, eightBit }: Pick<Whole, 'summary' | 'archives' | 'read' | 'eightBit'>,
): Promise<Message> {
  const id = parts.names.message()
  const step = stepOfMessage(parts, tx)
  const ours = tx.listener !== 'inbound' && tx.listener !== 'internal'
  const subjects = ours ? subjectsOfClient(parts, step.who) : []
  const correspondents = ours
    ? tx.recipients.map(address => correspondentKey(address, parts.secret))
    : []
  const looked = lookInside(parts, tx, { summary, archives, id, read })
  const { fingerprint } = summary
  const history = ours
    ? await historyOf(parts, { at: tx.at, who: step.who, subjects, correspondents, fingerprint })
    : NO_HISTORY
  const { firstTime, repeated } = history
  const isOurs = (address: string) => parts.recipients.isOurs(address)
  const inbound = tx.listener === 'inbound'
  const sender = inbound ? correspondentKey(tx.sender, parts.secret) : tx.sender
  const unknownTo = inbound ? await strangersAmong(parts, tx, sender) : undefined
  const trapped = await trappedBy(parts, tx, { summary, who: step.who })
  const { scan, authentication, listed } = await looked
  const complete = withListed(summary, listed)
  const cause = listed.unlisted && Object.values(listed.unlisted).join('; ')
  const facts: MessageFacts = {
    // Who reports spam to us sends us spam.
    content: ours && !isForOurPostmaster(tx, isOurs) ? scan.content : 'unseen',
    repeated,
    recipients: tx.recipients.length,
    firstTime,
    exempt: !ours,
    subjects,
    ...(trapped ? { trapped: subjectsOfClient(parts, step.who) } : {}),
    ...(trapped?.led ? { trapLed: true } : {}),
  }
  return {
    tx,
    id,
    summary: complete,
    eightBit,
    ...(cause === undefined ? {} : { cause }),
    correspondents,
    sender,
    facts,
    history,
    trapped,
    step: {
      ...step,
      ...authorsOwn(parts, step, complete),
      message: complete,
      queueId: id,
      ...(cause === undefined ? {} : { cause }),
      recipients: tx.recipients,
      firstTime,
      ...(unknownTo === undefined ? {} : { unknownTo }),
      scan,
      ...(authentication ? { authentication } : {}),
    },
  }
}

/** Which of those it says it is from are the login's own. */
function authorsOwn(
  parts: ExamineParts,
  { login, addresses }: AttributedStep,
  { from }: MessageSummary,
): Pick<AttributedStep, 'addresses'> {
  if (login === undefined || !addresses) return {}
  return { addresses: ownedBy(parts, { name: login, addresses }, from) }
}

/** The step at the end of a message, before anybody has looked inside. */
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
    ...(tx.skip ? { skip: tx.skip } : {}),
    ...(tx.manners ? { manners: tx.manners } : {}),
  })
}

/** How many of its recipients have never had to do with a stranger. */
async function strangersAmong(
  parts: ExamineParts,
  tx: Transaction,
  sender: string,
): Promise<number> {
  const logins = tx.recipients.flatMap(to => parts.subscribers.loginOf(foldAddress(to))?.name ?? [])
  if (logins.length === 0) return tx.recipients.length
  const readings = await peek(
    parts,
    tx.at,
    logins.map(name => correspondentsOf(name, [sender])),
  )
  return tx.recipients.length - readings.filter(({ novel }) => novel === 0).length
}
