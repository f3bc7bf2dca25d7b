// Messages that show whether they are whole: the last line is the hash of what stands before.

import { createHash } from 'node:crypto'

/** One in five is large enough to be a file of its own in the queue. */
export function wholeMessage(id: string): string {
  const lines = Math.random() < 0.2 ? 1500 : 3 + Math.floor(Math.random() * 60)
  const body = Array.from(
    { length: lines },
    (_, i) => `line ${i} of ${id} ${'.'.repeat(i % 60)}`,
  ).join('\r\n')
  return `From: ann@meadow.example\r\nSubject: ${id}\r\n\r\n${body}\r\nEND ${hash(body)}\r\n`
}

/** The id that was given to `wholeMessage`: sixteen hexadecimal digits. */
export const idOf = (mail: string): string | undefined =>
  /^Subject: ([0-9a-f]{16})\r?$/m.exec(mail)?.[1]

/** Whether nothing is missing; the line ends may have become the receiver's own. */
export function isWhole(mail: string): boolean {
  const sent = mail.replace(/\r?\n/g, '\r\n')
  const body = sent.slice(sent.indexOf('\r\n\r\n') + 4)
  const end = /\r\nEND ([0-9a-f]{64})\r\n$/.exec(body)
  return end !== null && hash(body.slice(0, end.index)) === end[1]
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
