// Mail that Cordon writes itself, put through the same queue as all mail: notices and delivery reports.

import type { Client, Transaction } from '../../model/step.ts'
import type { Engine } from '../../ports/engine.ts'
import type { Claim, Spool } from '../../ports/spool.ts'
import { buildDsn, type Dsn, type Reported } from '../../mail/dsn.ts'
import { decodeXtext } from '../../mail/xtext.ts'

/** Our own letters come from nowhere on the network. */
const OURSELVES: Client = { realm: 'main', address: '127.0.0.1', port: 0 }

export type Posting = {
  readonly sender: string
  readonly to: string
  readonly at: number
  readonly ourName: string
  /** A letter of this name that was put there before is not put there again. */
  readonly once?: string
  /** Rather in clear than not. */
  readonly tlsOptional?: true
  /** NOTIFY=NEVER: a person did not write it, and none waits for it. */
  readonly unreported?: true
}

/** Puts a complete message into the queue; durable when this resolves. Rejects when it is not in there. */
export async function post(
  engine: Pick<Engine, 'open'>,
  posting: Posting,
  message: Uint8Array,
): Promise<void> {
  const tx: Transaction = {
    session: 'internal',
    listener: 'internal',
    at: posting.at,
    client: OURSELVES,
    tls: false,
    helo: posting.ourName,
    sender: posting.sender,
    recipients: [posting.to],
    extended: true,
    esmtp: {
      eightBit: true,
      ...(posting.tlsOptional ? { tlsOptional: true as const } : {}),
      ...(posting.unreported ? { recipients: { [posting.to]: { notify: [] } } } : {}),
    },
    ...(posting.once === undefined ? {} : { once: posting.once }),
  }
  const draft = await engine.open(tx)
  await draft.write(message)
  const { verdict } = await draft.finish()
  if (verdict.kind !== 'accept') throw new Error(`our own letter was not taken: ${verdict.kind}`)
}

export type ReportedClaim = Pick<
  Claim,
  'message' | 'sender' | 'subject' | 'at' | 'bounceable' | 'expires' | 'esmtp'
>

/** A report brings back no more of a message than this, whatever was asked for. */
const MAX_RETURNED = 100 * 1024

/** Tells the sender what became of a message, if telling them cannot hit a stranger. */
export async function tellSender(
  engine: Pick<Engine, 'open'>,
  claim: ReportedClaim,
  reported: readonly Reported[],
  where: {
    readonly ourName: string
    readonly at: number
    readonly spool: Pick<Spool, 'body'>
  },
): Promise<void> {
  if (!claim.bounceable || claim.sender === '' || reported.length === 0) return
  const original = await returned(where.spool, claim)
  const report = await buildDsn({
    ourName: where.ourName,
    to: claim.sender,
    at: where.at,
    messageId: `dsn-${claim.message}-${where.at}-${reported[0]?.action}@${where.ourName}`,
    subject: claim.subject,
    arrivedAt: claim.at,
    expires: claim.expires,
    reported,
    ...(claim.esmtp?.envelopeId === undefined
      ? {}
      : { envelopeId: decodeXtext(claim.esmtp.envelopeId) ?? '' }),
    ...(original ? { original } : {}),
  })
  await post(engine, { sender: '', to: claim.sender, at: where.at, ourName: where.ourName }, report)
}

/** The message or its header, as far as it may be brought back. */
async function returned(
  spool: Pick<Spool, 'body'>,
  claim: ReportedClaim,
): Promise<Dsn['original']> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of await spool.body(claim.message)) {
      chunks.push(chunk)
      size += chunk.length
      if (size > MAX_RETURNED) break
    }
  } catch {
    // A message that cannot be read any more is reported without it.
    return undefined
  }
  const bytes = Buffer.concat(chunks)
  // RFC 8689 §4.2.2: what was to travel under TLS only does not come back in clear.
  const whole = claim.esmtp?.returned === 'full' && !claim.esmtp.requireTls
  if (whole && size <= MAX_RETURNED) return { part: 'full', bytes }
  const end = bytes.indexOf('\r\n\r\n')
  return {
    part: 'headers',
    bytes: bytes.subarray(0, end < 0 ? Math.min(size, MAX_RETURNED) : end + 2),
  }
}
