// A mail to our abuse mailbox, read as the report that it may be: ARF (RFC 5965), XARF, or a message that is forwarded with its header. Pure
// and bounded. What cannot be read is said so, and is never "no complaint". Nothing here is believed: see engine/evidence for that.

import type { Feedback, FeedbackFormat, UnreadFeedback } from '../../model/feedback.ts'
import { parseHeader } from '../header.ts'
import { ReadingBudget } from '../reading-budget.ts'
import { arfFields } from './arf.ts'
import { NO_ORIGINAL, type Original, originalOf, saysSomething } from './original.ts'
import { quotedHeaders } from './quoted-headers.ts'
import { type ReportPart, reportParts } from './report-parts.ts'
import { MAX_XARF, readXarf } from './xarf.ts'

/** Bytes that are read of a report: its fields stand before the message that it returns, and the header of that is at its beginning. */
export const MAX_REPORT = 1024 * 1024

/** `ourName`: as it stands in the Received lines that we write. */
export function readFeedback(raw: Buffer, ourName: string): Feedback | UnreadFeedback {
  const kept = raw.subarray(0, MAX_REPORT)
  if (isJson(kept)) return asXarf(kept, ourName) ?? { unread: 'no-report' }
  const { parts, tooMuch } = reportParts(kept, new ReadingBudget())
  const asReport = parts.find(({ type }) => type === 'message/feedback-report')
  const found = asReport ? asArf(asReport, parts, ourName) : inJson(parts, ourName)
  if (found) return found
  const original = firstOriginal(parts, ourName)
  if (saysSomething(original)) return forwarded(original)
  return { unread: tooMuch || raw.length > kept.length ? 'too-much' : 'no-report' }
}

/** A file of JSON by itself. */
const isJson = (raw: Buffer): boolean => /^\s{0,100}\{/.test(raw.toString('latin1', 0, 200))

function asArf(
  report: ReportPart,
  parts: readonly ReportPart[],
  ourName: string,
): Feedback | UnreadFeedback {
  const fields = arfFields(report.bytes)
  if (!fields) return { unread: 'damaged' }
  const original = firstOriginal(parts, ourName)
  const { address } = fields
  // Without a source and without a message there is nothing to look up.
  if (!saysSomething(original) && address === undefined) return { unread: 'no-original' }
  return withOriginal('arf', { ...fields }, original)
}

function inJson(
  parts: readonly ReportPart[],
  ourName: string,
): Feedback | UnreadFeedback | undefined {
  const json = parts.filter(({ type }) => /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(type))
  const [octets] = parts.filter(
    ({ type, bytes }) => type === 'application/octet-stream' && isJson(bytes),
  )
  for (const { bytes } of octets ? [...json, octets] : json) {
    const read = asXarf(bytes, ourName)
    if (read) return read
  }
  return undefined
}

function asXarf(bytes: Buffer, ourName: string): Feedback | UnreadFeedback | undefined {
  if (bytes.length > MAX_XARF) return { unread: 'too-much' }
  const read = readXarf(bytes, ourName)
  if (read === 'damaged') return { unread: 'damaged' }
  return read === 'none' ? undefined : read
}

/** Of the message that is attached, or only its header; else of what is quoted in a text. The first that says anything. */
function firstOriginal(parts: readonly ReportPart[], ourName: string): Original {
  const attached = parts.filter(
    ({ type }) =>
      /^message\/(?:rfc822|global)$/.test(type) ||
      /^text\/rfc822-headers$|^message\/(?:global|rfc822)-headers$/.test(type),
  )
  const texts = parts.filter(({ type }) => type === 'text/plain')
  const headers = [
    ...attached.map(({ bytes }) => bytes),
    ...texts.flatMap(({ bytes }) => quotedHeaders(bytes.toString('utf8'))),
  ]
  const all = headers.map(bytes => originalOf(parseHeader(bytes).fields, ourName))
  const ours = all.find(({ references, queueIds }) => references.length + queueIds.length > 0)
  return ours ?? all.find(saysSomething) ?? NO_ORIGINAL
}

const forwarded = (original: Original): Feedback =>
  withOriginal('forwarded', { kind: 'abuse', recipients: [], incidents: 1 }, original)

function withOriginal(
  format: FeedbackFormat,
  said: Omit<Feedback, 'format' | 'references' | 'queueIds' | 'messageId'>,
  { handedInBy, ...original }: Original,
): Feedback {
  // Of a source that is not said, or is our own server, our own line knows better.
  return {
    format,
    ...(handedInBy === undefined ? {} : { address: handedInBy }),
    ...said,
    ...original,
  }
}
