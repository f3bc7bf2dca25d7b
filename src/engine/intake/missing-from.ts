// A submission without any From field gets one from its envelope sender, as Postfix does for its own users (RFC 6409 §8.1 allows it), but
// only where that address belongs to the login: cron jobs and devices that log in write none. What is judged, stored and sent has it.

import { authorsOf } from '../../mail/authors.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { AttributedStep, Transaction } from '../../model/step.ts'
import type { Whole } from './incoming.ts'

/**
 * The summary of the message as it will go on. A header that ended early is left alone: its From may stand behind the end. Another
 * server that keeps the mail is asked to add the field; one that lets us change no header sends it on without.
 */
export function withMissingFrom(
  { summary, headerEndedEarly }: Pick<Whole, 'summary' | 'headerEndedEarly'>,
  tx: Transaction,
  { addresses = [] }: Pick<AttributedStep, 'addresses'>,
): MessageSummary {
  if (!summary.noFrom || headerEndedEarly || tx.login === undefined) return summary
  const sender = foldAddress(tx.sender)
  if (!addresses.includes(sender)) return summary
  // Nothing that could be read in two ways, and nothing that only SMTPUTF8 may carry.
  const isPlain = /^[!-~]+$/.test(tx.sender)
  if (!isPlain || !authorsOf([{ name: 'from', value: `<${tx.sender}>` }]).clear) return summary
  const { unclearFrom: _unclear, ...rest } = summary
  return { ...rest, from: [sender], addedFrom: tx.sender }
}
