// What the log of another mail server says of messages. Where a door was asked about one, that message is the door's, and the log tells only
// what became of it. Any other is weighed as mail that Cordon only watches: nothing of it is judged, held or paced here.

import { SECOND } from '../../model/duration.ts'
import { correspondentKey } from '../../mail/correspondent-key.ts'
import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'
import type { NewEvent } from '../../model/event.ts'
import type { HeardAnswer, HeardMail } from '../../model/heard-mail.ts'
import { isLongQueueId } from '../../model/long-queue-id.ts'
import type { Step } from '../../model/step.ts'
import { ACCEPT } from '../../model/verdict.ts'
import type { MailHeard } from '../../ports/mail-heard.ts'
import { alongOf, countMessage, remember } from './count-message.ts'
import type { Message } from './examine.ts'
import { type LoggedRow, type LoggedRows, rowOf } from './logged-rows.ts'
import type { SubmitParts } from './submit-parts.ts'
import { unseenMessage } from './unseen-message.ts'
import { weighMessage } from './weigh-message.ts'

/** The lines of a message are read again after a crash, and it counts once. */
const ONCE_FOR = 24 * HOUR

export function createMailHeard(parts: SubmitParts, rows: LoggedRows): MailHeard {
  const message: MailHeard['message'] = async (mail, answers) => {
    const row = rows.get(mail) ?? (mail.resultsOnly ? undefined : await counted(parts, mail))
    if (!row) return
    if (!rows.get(mail)) rows.put(row)
    for (const answer of answers) await tellAnswer({ parts, rows }, row, answer)
    await rows.written()
  }
  const later: MailHeard['later'] = async ({ id }, answer) => {
    const row = rows.latest(id)
    if (!row || answer.at < row.at) return
    await tellAnswer({ parts, rows }, row, answer)
    await rows.written()
  }
  return { message, later }
}

/** Undefined: it is of none of our customers. */
async function counted(parts: SubmitParts, mail: HeardMail): Promise<LoggedRow | undefined> {
  const name = nameOf(mail)
  const mark: Op = { op: 'mark', key: `logged:${name}`, ttl: ONCE_FOR }
  const { message: seen, isCounted } = await unseenMessage(parts, stepOf(mail, name), [mark])
  if (seen.facts.subjects.length === 0) return undefined
  const message: Message = { ...seen, facts: { ...seen.facts, watched: true } }
  if (!isCounted) await count(parts, message, mark)
  return rowOf(mail, name, message.facts)
}

async function count(parts: SubmitParts, message: Message, mark: Op): Promise<void> {
  const { cases } = parts
  const along = alongOf(parts, message)
  const { counters } = along
  const { at } = message.tx
  const taken = await counters.apply({ at, mode: 'take', ops: [...along.ops, mark] })
  const readings = 'failed' in taken ? [] : taken.readings
  const { facts } = await countMessage(parts, message, { ...along, readings })
  const { event } = await weighMessage({ cases, counters }, { ...message, facts }, readings)
  await parts.reporter.settle(event)
  if (!along.teaches) await remember(parts, message, ACCEPT)
}

/** Digits of a time in a name. */
const BASE = 36

/** One that is used again is told apart by its time. */
const nameOf = ({ id, at }: HeardMail): string =>
  isLongQueueId(id) || id.includes('-') ? id : `${id}-${Math.floor(at / SECOND).toString(BASE)}`

function stepOf(mail: HeardMail, name: string): Step {
  const { at, zoneKnown, listener, realm, address, login, size } = mail
  const { sender, recipients, recipientCount } = mail
  return {
    session: name,
    listener,
    stage: 'message',
    at,
    client: { realm, address, port: 0, then: zoneKnown ? at : 'unknown' },
    tls: false,
    sender,
    recipients,
    recipientCount,
    once: name,
    ...(login === undefined ? {} : { login }),
    ...(size === undefined ? {} : { size }),
  }
}

type Telling = { readonly parts: SubmitParts; readonly rows: LoggedRows }

/** Once of each recipient. */
async function tellAnswer(
  { parts, rows }: Telling,
  { id, at, message, login, bounce, facts }: LoggedRow,
  { recipient, at: answered, relay, isOwnExchanger, refused }: HeardAnswer,
): Promise<void> {
  const key = correspondentKey(recipient, parts.secret)
  const row = rows.latest(id)
  if (!row || row.at !== at || row.told.includes(key)) return
  const about = {
    at: answered,
    message,
    recipient: key,
    relay,
    facts,
    ...(login === undefined ? {} : { login }),
    ...(bounce ? { bounce } : {}),
  }
  const event: NewEvent = refused
    ? { kind: 'delivery-failed', ...about, permanent: true, ...refused }
    : {
        kind: 'delivery-done',
        ...about,
        ...(facts.answer ? { answer: facts.answer } : {}),
        ...(isOwnExchanger ? {} : { perhapsRelayed: true as const }),
      }
  await parts.reporter.settle(event)
  rows.tell(row, [key])
}
