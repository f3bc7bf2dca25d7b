// A letter becomes a message as over SMTP: the login is its sender, its header names the recipients, and the engine is asked about each
// step, as it is there. Taken means that it is on our disk.

import { addressedByHeader } from '../../mail/addressed-by-header.ts'
import { MAX_HEADER } from '../../mail/header-end.ts'
import { LineEnds } from '../../mail/line-ends.ts'
import { isAscii, loginAddress, parseMailAddress } from '../../model/mail-address.ts'
import type { Client, Stage, Step, Transaction } from '../../model/step.ts'
import type { Draft, Engine } from '../../ports/engine.ts'
import { cannot, type SendOutcome, outcomeOf, refused } from './answer-words.ts'
import type { LiteralIn } from './literal-in.ts'

export type Sender = {
  readonly login: string
  readonly session: string
  readonly client: Client
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
  letter: LiteralIn,
  envelope: GivenEnvelope = {},
): Promise<SendOutcome> {
  const { maxSize, maxRecipients } = parts.settings()
  if (letter.size > maxSize)
    return refused('message-too-large', 'reject', `at most ${maxSize} bytes`)
  const read = normalized(letter)
  const head = await headOf(read)
  if (head === undefined) return refused('header-too-large', 'reject')
  const { header, ...addressed } = addressedByHeader(head.header)
  const recipients = envelope.recipients ?? addressed.recipients
  const wrong = envelope.recipients ? noAddress(envelope) : addressed.wrong
  if (wrong !== undefined) return cannot(wrong)
  if (recipients.length > maxRecipients)
    return cannot(`it has ${recipients.length} recipients, and ${maxRecipients} are taken at once`)
  const refusal = await judgeEnvelope(parts, sender, { ...envelope, recipients })
  if (refusal) return refusal
  const draft = await parts.engine.open(transactionOf(parts, sender, { ...envelope, recipients }))
  return stored(draft, async () => {
    await draft.write(Buffer.from(header, 'latin1'))
    await draft.write(head.rest)
    for await (const piece of read) await draft.write(piece)
  })
}

/** RECIPIENT and FROM are said as they are to be used. */
function noAddress({ sender, recipients = [] }: GivenEnvelope): string | undefined {
  const said = sender === undefined ? recipients : [sender, ...recipients]
  const wrong = said.find(one => parseMailAddress(one) === undefined)
  return wrong === undefined ? undefined : `${wrong} is not a mail address`
}

async function stored(draft: Draft, write: () => Promise<void>): Promise<SendOutcome> {
  try {
    await write()
  } catch (error) {
    await draft.abort().catch(() => undefined)
    throw error
  }
  const { verdict, message } = await draft.finish()
  return outcomeOf(verdict, message)
}

async function* normalized(letter: LiteralIn): AsyncGenerator<Buffer> {
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

/** MAIL and RCPT, one after the other; the first refusal is that of the whole message. */
async function judgeEnvelope(
  parts: SubmissionParts,
  who: Sender,
  envelope: Envelope,
): Promise<SendOutcome | undefined> {
  const sender = senderOf(parts, who, envelope)
  const ask = async (stage: Stage, about: Partial<Step>): Promise<SendOutcome | undefined> => {
    const { session, client, login } = who
    const { verdict } = await parts.engine.judge({
      session,
      listener: 'submission',
      stage,
      at: parts.now(),
      client,
      tls: true,
      helo: literalOf(client),
      login,
      sender,
      ...about,
    })
    if (verdict.kind !== 'reject' && verdict.kind !== 'defer') return undefined
    const to = about.recipient === undefined ? [] : [`to ${about.recipient}`]
    const help = [...to, ...(verdict.help === undefined ? [] : [verdict.help])]
    return refused(verdict.reason, verdict.kind, help.length > 0 ? help.join('; ') : undefined)
  }
  const refusal = await ask('mail', { accepted: 0 })
  if (refusal) return refusal
  for (const [accepted, recipient] of envelope.recipients.entries()) {
    const refusal = await ask('rcpt', { recipient, accepted })
    if (refusal) return refusal
  }
  return undefined
}

function transactionOf(parts: SubmissionParts, who: Sender, envelope: Envelope): Transaction {
  const { session, client, login } = who
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
    through: 'IMAP',
    extended: true,
    esmtp: { eightBit: true, ...(utf8 ? { utf8 } : {}) },
  }
}

/** RFC 5321 §4.1.3: what a client calls itself that has no name. */
const literalOf = ({ address }: Client): string =>
  address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
