// One look at a message that has streamed by: whose it is, what it says, to whom, and what is known of that. The facts
// found here travel with the message, so that later results and replay need not look again.

import { correspondentKey } from '../mail/correspondent-key.ts'
import { foldAddress } from '../model/mail-address.ts'
import type { MessageFacts } from '../model/event.ts'
import type { MessageSummary } from '../model/message.ts'
import type { AttributedStep, Transaction } from '../model/step.ts'
import type { Counters } from '../ports/counters.ts'
import type { Ledger } from '../ports/ledger.ts'
import type { Names } from '../ports/names.ts'
import { type Attribution, attribute, subjectsOfClient } from './attribute.ts'
import { correspondentsOf } from './correspondents.ts'
import { peek } from './gather.ts'
import { type History, historyOf, NO_HISTORY } from './history.ts'
import { type InsideParts, lookInside } from './look-inside.ts'

export type ExamineParts = Attribution &
  InsideParts & {
    readonly counters: Counters
    readonly ledger: Pick<Ledger, 'inForce' | 'epoch'>
    readonly names: Names
    /** Key of the hashes under which correspondents are remembered. */
    readonly secret: string
    /** Whether an address is one that nobody was ever given. */
    readonly isTrap?: (address: string) => boolean
  }

export type Message = {
  readonly tx: Transaction
  readonly step: AttributedStep
  readonly id: string
  readonly summary: MessageSummary
  readonly correspondents: readonly string[]
  /** The sender as they may be written down: whoever writes to us from outside is a correspondent, too. */
  readonly sender: string
  readonly facts: MessageFacts
  /** Before it was counted. */
  readonly history: History
}

/** Content, recipients and history in one look. */
export async function examine(
  parts: ExamineParts,
  tx: Transaction,
  { summary, read }: { readonly summary: MessageSummary; read(): AsyncIterable<Uint8Array> },
): Promise<Message> {
  const id = parts.names.message()
  const step = attribute(parts, {
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
  const ours = tx.listener !== 'inbound' && tx.listener !== 'internal'
  const subjects = ours ? subjectsOfClient(parts, step.who) : []
  const correspondents = ours
    ? tx.recipients.map(address => correspondentKey(address, parts.secret))
    : []
  const looked = lookInside(parts, tx, { summary, id, read })
  const { fingerprint } = summary
  const history = ours
    ? await historyOf(parts, { at: tx.at, who: step.who, subjects, correspondents, fingerprint })
    : NO_HISTORY
  const { firstTime, repeated } = history
  const inbound = tx.listener === 'inbound'
  const sender = inbound ? correspondentKey(tx.sender, parts.secret) : tx.sender
  const unknownTo = inbound ? await strangersAmong(parts, tx, sender) : undefined
  const { scan, authentication } = await looked
  const facts: MessageFacts = {
    content: ours ? scan.content : 'unseen',
    repeated,
    recipients: tx.recipients.length,
    firstTime,
    exempt: !ours,
    subjects,
    ...(isTrapped(parts, tx, summary) ? { trapped: subjectsOfClient(parts, step.who) } : {}),
  }
  return {
    tx,
    id,
    summary,
    correspondents,
    sender,
    facts,
    history,
    step: {
      ...step,
      message: summary,
      recipients: tx.recipients,
      firstTime,
      ...(unknownTo === undefined ? {} : { unknownTo }),
      scan,
      ...(authentication ? { authentication } : {}),
    },
  }
}

/** Reports, answers of programs and what is sent on for others go to traps without anybody meaning it. */
function isTrapped(
  { isTrap = () => false }: Pick<ExamineParts, 'isTrap'>,
  tx: Transaction,
  { automatic, hops }: MessageSummary,
): boolean {
  if (automatic || tx.sender === '' || tx.listener === 'internal') return false
  const sentOn = tx.listener === 'inbound' && hops > 0
  return !sentOn && tx.recipients.some(isTrap)
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
