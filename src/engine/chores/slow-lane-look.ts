// The second look at strangers' mail that was kept for some minutes: scanners that have heard of it meanwhile send it to Junk.
// It is delivered either way.

import { JUNK } from '../../mail/junk.ts'
import { Summarizer } from '../../mail/summary.ts'
import { cameFrom } from '../../mail/trace.ts'
import type { ScanResult } from '../../model/message.ts'
import type { Scanner } from '../../ports/scanner.ts'
import type { QueueRow, Spool } from '../../ports/spool.ts'

export type SlowLaneParts = {
  readonly spool: Pick<Spool, 'body' | 'change'>
  readonly scanner: Scanner
}

/** Lets one message go on. */
export async function slowLaneLook(
  { spool, scanner }: SlowLaneParts,
  recipients: readonly [QueueRow, ...QueueRow[]],
  at: number,
): Promise<void> {
  const [{ message, sender }] = recipients
  const scan = await look({ spool, scanner }, { message, sender, recipients })
  const bad = scan.content === 'spam' || scan.virus !== undefined || scan.refuse === true
  const header = bad ? { header: JUNK } : {}
  await spool.change({ message, state: 'held' }, { to: 'queued', due: at, ...header })
}

async function look(
  { spool, scanner }: SlowLaneParts,
  {
    message,
    sender,
    recipients,
  }: Pick<QueueRow, 'message' | 'sender'> & {
    readonly recipients: readonly QueueRow[]
  },
): Promise<ScanResult> {
  const summarizer = new Summarizer()
  let head = ''
  for await (const chunk of await spool.body(message)) {
    if (head === '') head = Buffer.from(chunk).toString('latin1')
    summarizer.write(chunk)
  }
  const { address = '', helo = '' } = cameFrom(head) ?? {}
  return scanner.scan({
    summary: summarizer.finish(sender),
    id: message,
    ours: false,
    folds: 'ours',
    address,
    helo,
    sender,
    recipients: recipients.map(one => one.recipient),
    read: () => bytesOf(spool, message),
  })
}

async function* bytesOf(spool: Pick<Spool, 'body'>, message: string): AsyncIterable<Uint8Array> {
  yield* await spool.body(message)
}
