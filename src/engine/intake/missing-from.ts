// A submission without any From field gets one from its envelope sender, as Postfix does for its own users (RFC 6409 §8.1 allows it), but
// only where that address belongs to the login: cron jobs and devices that log in write none, and scripts no header at all. What is judged,
// stored and sent has it.

import { authorsOf } from '../../mail/authors.ts'
import { foldAddress } from '../../model/mail-address.ts'
import type { HeaderEndedAt } from '../../mail/header-end.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { AttributedStep, Transaction } from '../../model/step.ts'
import type { Whole } from './incoming.ts'

/**
 * The summary of the message as it will go on. Of a header that ended early, what came before is the header; it is left alone only where
 * the lines behind the end look like fields: its From may be among them. Another
 * server that keeps the mail is asked to add the field; one that lets us change no header sends it on without.
 */
export function withMissingFrom(
  { summary, headerEndedAt }: Pick<Whole, 'summary' | 'headerEndedAt'>,
  tx: Transaction,
  { addresses = [] }: Pick<AttributedStep, 'addresses'>,
): MessageSummary {
  if (!summary.noFrom) return withOwnName(summary, tx, addresses)
  if (headerEndedAt && isCutShort(summary))
    return { ...summary, unclearFrom: cutShort(headerEndedAt) }
  if (tx.login === undefined) return summary
  const isOfProgram = summary.receipt || summary.autoSubmitted
  const author = tx.sender === '' && isOfProgram ? tx.login : tx.sender
  const folded = foldAddress(author)
  if (!addresses.includes(folded)) return summary
  // Nothing that could be read in two ways, and nothing that only SMTPUTF8 may carry.
  const isPlain = /^[!-~]+$/.test(author)
  if (!isPlain || !authorsOf([{ name: 'from', value: `<${author}>` }]).clear) return summary
  const { unclearFrom: _unclear, ...rest } = summary
  return { ...rest, from: [folded], addedFrom: author }
}

/** A name with addresses of the login's own in it says nothing about others. */
function withOwnName(
  summary: MessageSummary,
  { login }: Transaction,
  addresses: readonly string[],
): MessageSummary {
  const { unclearFrom: _unclear, unclearByName, ...rest } = summary
  const isOwn = login !== undefined && rest.from.every(address => addresses.includes(address))
  return unclearByName && isOwn ? rest : summary
}

/** Its writer meant the lines behind the end for fields. */
function isCutShort({ text }: MessageSummary): boolean {
  const [first = ''] = text.slice(0, MAX_LOOKED_AT).split(/\r?\n\r?\n/, 1)
  return MEANT_FOR_FIELDS.test(first)
}

const cutShort = ({ line, number }: HeaderEndedAt): string =>
  `take line ${number} out of the header, or write an empty line before it: it is no field, and there is no From above it: ${line}`

/** The header of anything sane is shorter. */
const MAX_LOOKED_AT = 64 * 1024
const MEANT_FOR_FIELDS =
  /^[ \t]{0,9}(?:from|sender|to|cc|subject|date|message-id|mime-version|content-type)[ \t]{0,9}:/im
