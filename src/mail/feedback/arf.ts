// The machine-readable part of a report in the Abuse Reporting Format (RFC 5965 §3): its fields, as far as they say what to look up.

import { FEEDBACK_KINDS, type Feedback, type FeedbackKind } from '../../model/feedback.ts'
import { canonicalIp } from '../../model/ip.ts'
import { type Field, fieldValue, parseHeader } from '../header.ts'
import { zonedMailDate } from './zoned-mail-date.ts'

/** RFC 5965 §3.2: there is one for each recipient. */
const MAX_RECIPIENTS = 20
const MAX_ADDRESS = 1000
const MAX_DOMAIN = 255

export type ArfFields = Omit<Feedback, 'format' | 'references' | 'queueIds' | 'messageId'>

/** Undefined without a Feedback-Type: then it is no report (§3.1). */
export function arfFields(part: Buffer): ArfFields | undefined {
  const { fields } = parseHeader(part)
  const type = fieldValue(fields, 'feedback-type')
  if (type === undefined) return undefined
  const all = (name: string) =>
    fields.filter(field => field.name === name).map(({ value }) => plain(value))
  const [address] = all('source-ip').flatMap(one => canonicalIp(one.replace(/^\[|\]$/g, '')) ?? [])
  const port = numberIn(fields, 'source-port', 65_535)
  const arrivedAt = zonedMailDate(
    fieldValue(fields, 'arrival-date') ?? fieldValue(fields, 'received-date') ?? '',
  )
  const [reportedDomain] = all('reported-domain').map(one => one.toLowerCase())
  return {
    kind: feedbackKind(type),
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
    recipients: all('original-rcpt-to')
      .map(one => one.replace(/^<|>$/g, '').slice(0, MAX_ADDRESS))
      .slice(0, MAX_RECIPIENTS),
    ...(reportedDomain ? { reportedDomain: reportedDomain.slice(0, MAX_DOMAIN) } : {}),
    incidents: numberIn(fields, 'incidents', 1_000_000) ?? 1,
  }
}

export function feedbackKind(type: string): FeedbackKind {
  const word = plain(type).toLowerCase().replaceAll(/[ _]/g, '-')
  return FEEDBACK_KINDS.find(kind => kind === word) ?? 'other'
}

/** Without a comment behind it. */
const plain = (value: string): string =>
  value
    .slice(0, MAX_ADDRESS)
    .replace(/ \([^()]*\)$/, '')
    .trim()

function numberIn(fields: readonly Field[], name: string, most: number): number | undefined {
  const text = plain(fieldValue(fields, name) ?? '')
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= most ? number : undefined
}
