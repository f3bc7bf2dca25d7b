// The lines Cordon puts in front of a message: where it came from (RFC 5321 §4.4), what a submission must have but did not (RFC 6409
// §8), and a Message-ID where any message has none: without it an answer cannot name the message (In-Reply-To, engine/evidence/traps.ts).

import type { MessageSummary } from '../model/message.ts'
import type { Transaction } from '../model/step.ts'

/** RFC 5322 §3.3 date in UTC. */
export function mailDate(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000')
}

/**
 * `Received:`, the missing `Message-ID:` and, on submission, the missing `From:` and `Date:`. Each line ends in CR LF. None is added to
 * what is signed already: a signature may say that there was none (RFC 6376 §5.4).
 */
export function traceHeaders(
  tx: Transaction,
  summary: MessageSummary,
  id: string,
  { ourName, results }: { readonly ourName: string; readonly results: string },
): string {
  const smtp = `${protocolOf(tx)}${tx.tls ? 'S' : ''}${tx.login === undefined ? '' : 'A'}`
  // RFC 5321 §4.4: a protocol that is not registered may stand there, too.
  const protocol = tx.through ?? smtp
  const address = tx.client.address.includes(':') ? `IPv6:${tx.client.address}` : tx.client.address
  const lines: string[] = []
  if (tx.listener !== 'internal') {
    lines.push(
      `Received: from ${printable(tx.helo)} ([${address}])`,
      `\tby ${ourName} with ${protocol} id ${id};`,
      `\t${mailDate(tx.at)}`,
    )
  }
  if (tx.listener !== 'inbound' && !summary.hasDate) lines.push(`Date: ${mailDate(tx.at)}`)
  // An empty Message-ID is none for a mail program that answers.
  if (!summary.messageId && !summary.signed) lines.push(`Message-ID: <${id}@${ourName}>`)
  // RFC 8601 §5: what we found stands above where it came from.
  return results + lines.map(line => `${line}\r\n`).join('') + addedFrom(summary)
}

/** The missing `From:`, where one is put in. */
export const addedFrom = ({ addedFrom: address }: Pick<MessageSummary, 'addedFrom'>): string =>
  address === undefined ? '' : `From: <${address}>\r\n`

/** RFC 3848 and RFC 6531 §3.7.3. */
function protocolOf(tx: Transaction): string {
  if (tx.esmtp.utf8) return 'UTF8SMTP'
  return tx.extended ? 'ESMTP' : 'SMTP'
}

/** A client's greeting as it may stand in a header: no control characters, no brackets to break out of. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]|[()<>\\"]/g, '?').slice(0, 255) || 'unknown'
}

/** The client that handed a message over, read from the line that `traceHeaders` put in front of it. */
export function cameFrom(
  headers: string,
): { readonly helo: string; readonly address: string } | undefined {
  const found = /^Received: from (\S+) \(\[(?:IPv6:)?([0-9a-f.:]+)\]\)/im.exec(headers)
  return found ? { helo: found[1] as string, address: found[2] as string } : undefined
}
