// Mail that Cordon writes itself, put through the same queue as everybody's: notices and delivery reports.

import type { MessageFacts } from '../model/event.ts'
import type { Client, Transaction } from '../model/step.ts'
import type { Engine } from '../ports/engine.ts'
import type { Claim } from '../ports/spool.ts'
import { buildDsn, type FailedRecipient } from '../mail/dsn.ts'

/** Our own letters come from nowhere on the network. */
const NOBODY: Client = { realm: 'main', address: '127.0.0.1', port: 0 }

export type Posting = {
  readonly sender: string
  readonly to: string
  readonly at: number
  readonly ourName: string
}

/** Puts a complete message into the queue; durable when this resolves. */
export async function post(
  engine: Pick<Engine, 'open'>,
  posting: Posting,
  message: Uint8Array,
): Promise<void> {
  const tx: Transaction = {
    session: 'internal',
    listener: 'internal',
    at: posting.at,
    client: NOBODY,
    tls: false,
    helo: posting.ourName,
    sender: posting.sender,
    recipients: [posting.to],
    extended: true,
    wishes: { eightBit: true },
  }
  const draft = await engine.open(tx)
  await draft.write(message)
  await draft.finish()
}

export type Bounced = Pick<Claim, 'message' | 'sender' | 'subject' | 'at' | 'bounceable'> & {
  readonly facts?: MessageFacts
}

/** Tells the sender what could not be delivered, if telling them cannot hit a stranger. */
export async function bounce(
  engine: Pick<Engine, 'open'>,
  claim: Bounced,
  failed: readonly FailedRecipient[],
  where: { readonly ourName: string; readonly at: number },
): Promise<void> {
  if (!claim.bounceable || claim.sender === '' || failed.length === 0) return
  const report = await buildDsn({
    ourName: where.ourName,
    to: claim.sender,
    at: where.at,
    messageId: `dsn-${claim.message}-${where.at}@${where.ourName}`,
    subject: claim.subject,
    arrivedAt: claim.at,
    failed,
  })
  await post(engine, { sender: '', to: claim.sender, at: where.at, ourName: where.ourName }, report)
}
