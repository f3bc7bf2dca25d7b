// Rows of the queue's tables as what the rest of Cordon knows.

import { type WindowBucket, WINDOW_BUCKETS } from '../../model/episode.ts'
import type { Subject } from '../../model/evidence.ts'
import type { RecipientParameters, EsmtpParameters } from '../../model/esmtp-parameters.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import {
  type Claim,
  type PacedPart,
  type QueueRow,
  RECIPIENT_STATES,
  type RecipientState,
} from '../../ports/spool.ts'

/** A row without its body: text, numbers and nulls. */
export type SpoolRow = Record<string, string | number | null>

export function recipientOf(row: SpoolRow): Claim['recipients'][number] {
  return {
    id: Number(row['recipient']),
    address: String(row['address']),
    attempts: Number(row['attempts']),
    warned: row['warned'] === 1,
    ...(row['mine'] === null
      ? {}
      : { esmtp: JSON.parse(String(row['mine'])) as RecipientParameters }),
  }
}

/** Of the message, in every list. */
const commonOf = (row: SpoolRow) => ({
  message: String(row['id']),
  at: Number(row['at']),
  sender: String(row['sender']),
  ...(row['login'] === null ? {} : { login: String(row['login']) }),
  ...(row['subscriber'] === null ? {} : { subscriber: String(row['subscriber']) }),
  subject: String(row['subject']),
  expires: Number(row['expires']),
  nats: Number(row['nats']),
})

const factsIn = (row: SpoolRow): { readonly facts?: MessageFacts } =>
  row['facts'] === null ? {} : { facts: JSON.parse(String(row['facts'])) as MessageFacts }

export function messageOf(row: SpoolRow): Omit<Claim, 'recipients'> {
  return {
    ...commonOf(row),
    bounceable: row['bounceable'] === 1,
    size: Number(row['size']),
    headers: String(row['headers']),
    ...(row['esmtp'] === null
      ? {}
      : { esmtp: JSON.parse(String(row['esmtp'])) as EsmtpParameters }),
    ...factsIn(row),
  }
}

/** What a newer Cordon wrote is refused at start; everything else is one of these. */
export const stateOf = ({ state }: SpoolRow): RecipientState =>
  RECIPIENT_STATES.find(one => one === state) ?? 'queued'

export function queueRow(row: SpoolRow): QueueRow {
  return {
    ...commonOf(row),
    recipient: String(row['address']),
    state: stateOf(row),
    due: Number(row['due']),
    attempts: Number(row['attempts']),
    ...(row['why'] === null ? {} : { why: String(row['why']) }),
    ...(row['bucket'] === null ? {} : { bucket: bucketOf(row) }),
    ...(row['payer'] === null ? {} : { payer: String(row['payer']) as Subject }),
    ...(row['clean'] === 1 ? { clean: true } : {}),
    ...(row['spam'] === 1 ? { spam: true } : {}),
    ...(row['spam'] === 1 && row['led'] === 1 ? { ledSpam: true } : {}),
  }
}

/** What an older or damaged row does not say is waited for longest. */
const bucketOf = ({ bucket }: SpoolRow): WindowBucket =>
  WINDOW_BUCKETS.find(one => one === bucket) ?? 'spam-to-new'

export function pacedPart(row: SpoolRow): PacedPart {
  const recipients = Number(row['recipients'])
  return {
    ...commonOf(row),
    ...factsIn(row),
    bounceable: row['bounceable'] === 1,
    payer: String(row['payer']) as Subject,
    bucket: bucketOf(row),
    recipients,
    due: Number(row['due']),
    messagesWaiting: Number(row['messages']),
    recipientsWaiting: Number(row['waiting']),
    recipientsBefore: Number(row['upTo']) - recipients,
  }
}
