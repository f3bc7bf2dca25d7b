// A letter becomes a message as over SMTP: the login is its sender, its header names the recipients, and the engine is asked about each
// step, as it is there. Taken means that it is on our disk.

import { addressedByHeader } from '../mail/addressed-by-header.ts'
import { MAX_HEADER } from '../mail/header-end.ts'
import { LineEnds } from '../mail/line-ends.ts'
import { isAscii, loginAddress, parseMailAddress } from '../model/mail-address.ts'
import type { Client, Step, Transaction } from '../model/step.ts'
import type { Judgement } from '../model/verdict.ts'
import type { Draft, Engine } from '../ports/engine.ts'
import type { LetterIn } from './letter-in.ts'
import { cannot, isRefused, type Refusal, refused, type Submitted } from './submitted.ts'

export type Sender = {
  readonly login: string
  readonly session: string
  readonly client: Client
  readonly through: 'IMAP' | 'POP3'
}

export type SubmissionParts = {
  readonly engine: Pick<Engine, 'judge' | 'open'>
  readonly now: () => number
  readonly settings: () => {
    readonly maxSize: number
    readonly maxRecipients: number
    readonly domain: string
  }
  readonly trouble: (error: unknown, about: string) => void
}

/** What the client says instead of the header (UID SENDMAIL). */
export type GivenEnvelope = {
  readonly sender?: string | undefined
  readonly recipients?: readonly string[] | undefined
}

export async function submit(
  parts: SubmissionParts,
  sender: Sender,
  letter: LetterIn,
  envelope: GivenEnvelope = {},
): Promise<Submitted> {
  const { maxSize, maxRecipients } = parts.settings()
  if (letter.size > maxSize) return tooLarge(maxSize)
  const read = normalized(letter)
  const head = await headOf(read)
  if (head === undefined) return refused('header-too-large', 'reject')
  const { header, ...addressed } = addressedByHeader(head.header)
  const recipients = envelope.recipients ?? addressed.recipients
  const wrong = envelope.recipients ? noAddress(envelope) : addressed.wrong
  if (wrong !== undefined) return cannot(wrong)
  if (recipients.length > maxRecipients)
    return cannot(`it has ${recipients.length} recipients, and ${maxRecipients} are taken at once`)
  const refusal =
    (await judgeSender(parts, sender, envelope)) ??
    (await judgeRecipients(parts, sender, { ...envelope, recipients }))
  if (refusal) return refusal
  const tx = transactionOf(parts, sender, { ...envelope, recipients })
  const draft = await parts.engine.open(tx)
  const { verdict, message } = await stored(draft, async () => {
    await draft.write(Buffer.from(header, 'latin1'))
    await draft.write(head.rest)
    for await (const piece of read) await draft.write(piece)
  })
  if (isRefused(verdict)) return refused(verdict.reason, verdict.kind, verdict.help)
  return { taken: true, message, at: tx.at }
}

export const tooLarge = (maxSize: number): Refusal =>
  refused('message-too-large', 'reject', `at most ${maxSize} bytes`)

/** RECIPIENT and FROM are said as they are to be used. */
function noAddress({ sender, recipients = [] }: GivenEnvelope): string | undefined {
  const said = sender === undefined ? recipients : [sender, ...recipients]
  const wrong = said.find(one => parseMailAddress(one) === undefined)
  return wrong === undefined ? undefined : `${wrong} is not a mail address`
}

async function stored(draft: Draft, write: () => Promise<void>): Promise<Judgement> {
  try {
    await write()
  } catch (error) {
    await draft.abort().catch(() => undefined)
    throw error
  }
  return draft.finish()
}

async function* normalized(letter: LetterIn): AsyncGenerator<Buffer> {
  const ends = new LineEnds()
  for await (const piece of letter.read()) yield ends.push(piece)
  yield ends.end()
}

/** Up to its empty line, and what was read with it; undefined when the header is larger than any that is taken. */
async function headOf(
  read: AsyncGenerator<Buffer>,
): Promise<{ readonly header: string; readonly rest: Buffer } | undefined> {
  let held = Buffer.alloc(0)
  for (let next = await read.next(); !next.done; next = await read.next()) {
    held = Buffer.concat([held, next.value])
    // A message without a header begins with the empty line.
    const end = held.indexOf('\r\n\r\n')
    const bytes = held.subarray(0, 2).toString() === '\r\n' ? 2 : end < 0 ? -1 : end + 4
    if (bytes > MAX_HEADER || (bytes < 0 && held.length > MAX_HEADER)) return undefined
    if (bytes >= 0) return { header: held.toString('latin1', 0, bytes), rest: held.subarray(bytes) }
  }
  return held.length > MAX_HEADER
    ? undefined
    : { header: `${held.toString('latin1')}\r\n`, rest: Buffer.alloc(0) }
}

type Envelope = GivenEnvelope & { readonly recipients: readonly string[] }

const senderOf = ({ settings }: SubmissionParts, { login }: Sender, { sender }: GivenEnvelope) =>
  sender ?? loginAddress(login, settings().domain)

/** MAIL: it can be asked before there is a letter. */
export const judgeSender = (
  parts: SubmissionParts,
  who: Sender,
  envelope: GivenEnvelope = {},
): Promise<Refusal | undefined> =>
  refusalOf(parts, who, { stage: 'mail', accepted: 0, sender: senderOf(parts, who, envelope) })

/** RCPT, one after the other; the first refusal is that of the whole message. */
async function judgeRecipients(
  parts: SubmissionParts,
  who: Sender,
  envelope: Envelope,
): Promise<Refusal | undefined> {
  const sender = senderOf(parts, who, envelope)
  for (const [accepted, recipient] of envelope.recipients.entries()) {
    const refusal = await refusalOf(parts, who, { stage: 'rcpt', recipient, accepted, sender })
    if (refusal) return refusal
  }
  return undefined
}

async function refusalOf(
  { engine, now }: SubmissionParts,
  { session, client, login }: Sender,
  asked: Pick<Step, 'stage' | 'recipient' | 'accepted' | 'sender'>,
): Promise<Refusal | undefined> {
  const { verdict } = await engine.judge({
    session,
    listener: 'submission',
    at: now(),
    client,
    tls: true,
    helo: literalOf(client),
    login,
    ...asked,
  })
  if (!isRefused(verdict)) return undefined
  const to = asked.recipient === undefined ? [] : [`to ${asked.recipient}`]
  const help = [...to, ...(verdict.help === undefined ? [] : [verdict.help])]
  return refused(verdict.reason, verdict.kind, help.length > 0 ? help.join('; ') : undefined)
}

function transactionOf(parts: SubmissionParts, who: Sender, envelope: Envelope): Transaction {
  const { session, client, login, through } = who
  const sender = senderOf(parts, who, envelope)
  // As over SMTP, where bytes outside of ASCII in a header alone go to any server as they came.
  const utf8 = ![sender, ...envelope.recipients].every(isAscii)
  return {
    session,
    listener: 'submission',
    at: parts.now(),
    client,
    tls: true,
    helo: literalOf(client),
    login,
    sender,
    recipients: envelope.recipients,
    through,
    extended: true,
    esmtp: { eightBit: true, ...(utf8 ? { utf8 } : {}) },
  }
}

/** RFC 5321 §4.1.3: what a client calls itself that has no name. */
const literalOf = ({ address }: Client): string =>
  address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
