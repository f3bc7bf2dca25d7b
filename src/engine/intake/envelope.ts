// What of a message that is taken goes to disk beside its bytes: where it goes, what stands in front of it, whether its sender is told of a
// failure.

import { MAX_HOLD } from '../../model/decision.ts'
import { referenceOf } from '../../mail/feedback/reference.ts'
import { addedFrom, traceHeaders } from '../../mail/trace.ts'
import { foldAddress, isAscii } from '../../model/mail-address.ts'
import { heldWhy, PACED } from '../../model/held-for.ts'
import { isCustomers, type Transaction } from '../../model/step.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { RecipientParameters, EsmtpParameters } from '../../model/esmtp-parameters.ts'
import type { Recipients } from '../../ports/recipients.ts'
import type { SpooledMessage } from '../../ports/spool.ts'
import type { Subscribers } from '../../ports/subscribers.ts'
import { bucketFor, type MessagePlace } from '../evidence/window-place.ts'
import type { Message } from './examine.ts'
import { isVouched } from './vouched.ts'

export type EnvelopeParts = {
  readonly recipients: Recipients
  readonly subscribers: Subscribers
  readonly ourName: string
  readonly secret: string
  /** Whether mail of customers bears a reference for reports. */
  readonly feedback?: () => { readonly reference: boolean }
  /** Undeliverable mail is given up after this (RFC 5321 §4.5.4.1: at least four to five days). */
  readonly expireAfter: number
}

/** `of`: of the envelope, which recipient leads there. */
type Target = { readonly esmtp: RecipientParameters | undefined; readonly of: number }

/** A forward that leads to a forward that leads to a forward … */
const MAX_FORWARDS = 5

/** What goes to disk. A hold by one rule holds the message for all its recipients. */
export async function envelopeOf(
  parts: EnvelopeParts,
  message: Message,
  outcome: { verdict: Verdict; nats: number; placed?: MessagePlace | undefined },
): Promise<SpooledMessage> {
  const { tx, summary } = message
  const { verdict, placed } = outcome
  const held = verdict.kind === 'hold'
  const targets = await forwarded(parts.recipients, tx, verdict)
  const owner = tx.login === undefined ? undefined : parts.subscribers.byLogin(tx.login)
  const subscriber = owner?.id ?? message.step.who.subscriber
  return {
    message: message.id,
    at: tx.at,
    sender: tx.sender,
    ...(tx.login === undefined ? {} : { login: tx.login }),
    ...(subscriber === undefined || (tx.listener === 'inbound' && message.facts.exempt)
      ? {}
      : { subscriber }),
    expires: tx.at + Math.max(parts.expireAfter, held ? MAX_HOLD : 0),
    headers: headersOf(parts, message),
    subject: summary.subject,
    facts: message.facts,
    nats: outcome.nats,
    ...(tx.once === undefined ? {} : { once: tx.once }),
    bounceable: tx.sender !== '' && isReallyFrom(message),
    ...parametersOf(message, [...targets.keys()]),
    recipients: [...targets].map(([address, { esmtp, of }]) => {
      const bucket = bucketFor(placed, message.facts, message.correspondents[of])
      const window = placed && bucket ? { window: { payer: placed.payer, bucket } } : undefined
      return {
        address,
        state: held ? 'held' : window ? 'paced' : 'queued',
        due: held ? verdict.until : tx.at,
        ...(held ? { why: heldWhy(verdict) } : window ? { why: PACED } : {}),
        ...(esmtp ? { esmtp } : {}),
        ...window,
      }
    }),
  }
}

/** What stands in front of it when it goes on. Where another server keeps the message, that server adds the trace. */
function headersOf(parts: EnvelopeParts, { tx, step, summary, id }: Message): string {
  const { ourName } = parts
  // The first that a reader finds is ours: a bot may write one, too.
  const results = (step.authentication?.header ?? '') + referenceFor(parts, tx, id)
  if (tx.elsewhere) return results + addedFrom(summary)
  return traceHeaders(tx, summary, id, { ourName, results })
}

function referenceFor({ feedback, secret }: EnvelopeParts, tx: Transaction, id: string): string {
  if (!feedback?.().reference || !isCustomers(tx.listener)) return ''
  const reference = referenceOf(id, secret)
  return reference === undefined ? '' : `X-Cordon-Ref: ${reference}\r\n`
}

/** May the sender be told of a failure? Only one who really sent it: else a report hits the owner of a forged address. */
function isReallyFrom({ tx, step: { authentication } }: Message): boolean {
  return tx.listener !== 'inbound' || isVouched(authentication, tx.sender)
}

/** SMTPUTF8 is asked of others only where it is needed: it would keep plain mail from most old servers. */
function parametersOf(
  { tx, summary, eightBit }: Message,
  targets: readonly string[],
): { esmtp?: EsmtpParameters } {
  const { recipients: _recipients, utf8: _utf8, eightBit: _declared, ...rest } = tx.esmtp
  const utf8 = summary.utf8Header || ![tx.sender, ...targets].every(isAscii)
  const esmtp: EsmtpParameters = {
    ...rest,
    // Whatever the client declared: the next server must be able to take the octets that are in the message.
    ...(eightBit ? { eightBit: true as const } : {}),
    ...(tx.esmtp.utf8 && utf8 ? { utf8 } : {}),
  }
  return Object.keys(esmtp).length === 0 ? {} : { esmtp }
}

/**
 * Where the mail goes in the end, with what was asked for it: a forward takes that along (RFC 3461 §5.2.7.1). As with Postfix two spellings
 * that differ in case get one copy, whosever they are.
 */
async function forwarded(
  recipients: Recipients,
  tx: Transaction,
  verdict: Verdict,
): Promise<Map<string, Target>> {
  const found = new Map<string, Target>()
  const seen = new Set<string>()
  const follow = async (address: string, target: Target, depth: number) => {
    const folded = foldAddress(address)
    if (seen.has(folded)) return
    seen.add(folded)
    const mailbox = recipients.isOurs(address) ? await recipients.find(address) : undefined
    const forward = mailbox?.kind === 'forward' && depth > 0 ? mailbox : undefined
    if (!forward || forward.keeps !== undefined) found.set(address, target)
    for (const to of forward?.to ?? []) await follow(to, target, depth - 1)
  }
  const redirect = verdict.kind === 'accept' ? verdict.redirect : undefined
  for (const [of, address] of tx.recipients.entries()) {
    const esmtp = tx.esmtp.recipients?.[address]
    await follow(redirect?.[address] ?? address, { esmtp, of }, MAX_FORWARDS)
  }
  return found
}
