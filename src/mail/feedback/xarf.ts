// A report in JSON (XARF 4, and 3 as it was sent before): what it says about a source, and the header of the message that it is about.

import type { Feedback, FeedbackKind } from '../../model/feedback.ts'
import { canonicalIp } from '../../model/ip.ts'
import { parseJson } from '../../model/json.ts'
import { foldDomain, isDomain } from '../../model/mail-address.ts'
import { parseTime } from '../../model/time.ts'
import { parseHeader } from '../header.ts'
import { NO_ORIGINAL, type Original, originalOf, saysSomething } from './original.ts'

/** Bytes; the samples of the specification have one to four KiB, and evidence is at most some messages. */
export const MAX_XARF = 1024 * 1024
const MAX_EVIDENCE = 10
/** Base64 of evidence that is decoded: enough for a header. */
const MAX_PAYLOAD = 512 * 1024

type Fields = Readonly<Record<string, unknown>>

export type XarfReport = Feedback | 'none' | 'damaged'

/** `none`: JSON, and no report; `damaged`: no JSON. */
export function readXarf(bytes: Buffer, ourName: string): XarfReport {
  let given: unknown
  try {
    given = parseJson(bytes.toString('utf8'))
  } catch {
    return 'damaged'
  }
  const all = fieldsOf(given)
  if (typeof all['xarf_version'] === 'string') return version4(all, ourName)
  const report = fieldsOf(all['Report'])
  return all['Report'] !== undefined && typeof report['ReportType'] === 'string'
    ? version3(all, report, ourName)
    : 'none'
}

function version4(all: Fields, ourName: string): Feedback {
  const evidence = listOf(all['evidence']).map(one => ({
    type: textOf(one['content_type']),
    payload: textOf(one['payload']),
    encoded: true,
  }))
  return feedback(
    {
      type: textOf(all['type']),
      reporter: textOf(fieldsOf(all['reporter'])['domain']),
      address: textOf(all['source_identifier']),
      port: all['source_port'],
      at: textOf(all['timestamp']),
      recipient: textOf(all['smtp_to']),
      messageId: textOf(all['message_id']),
    },
    originalIn(evidence, ourName),
  )
}

function version3(all: Fields, report: Fields, ourName: string): Feedback {
  const source = fieldsOf(report['Source'])
  const evidence = [...listOf(report['Samples']), ...listOf(report['Attachment'])].map(one => ({
    type: textOf(one['ContentType']),
    payload: textOf(one['Payload'] ?? one['Data']),
    encoded: one['Base64Encoded'] !== false,
  }))
  return feedback(
    {
      type: textOf(report['ReportType']),
      reporter: textOf(fieldsOf(all['ReporterInfo'])['ReporterOrgDomain']),
      address: textOf(report['SourceIp'] ?? source['IP']),
      port: report['SourcePort'] ?? source['Port'],
      at: textOf(report['Date']),
      recipient: textOf(report['SmtpRcptToAddress']),
      messageId: textOf(report['SmtpMessageId']),
    },
    originalIn(evidence, ourName),
  )
}

type Said = {
  readonly type: string
  readonly reporter: string
  readonly address: string
  readonly port: unknown
  readonly at: string
  readonly recipient: string
  readonly messageId: string
}

function feedback(said: Said, original: Original): Feedback {
  const { handedInBy, ...known } = original
  const address = canonicalIp(said.address) ?? handedInBy
  const { port } = said
  const arrivedAt = parseTime(said.at)
  const reporter = foldDomain(said.reporter)
  const { messageId = said.messageId } = original
  return {
    format: 'xarf',
    kind: kindOf(said.type),
    ...(isDomain(reporter) && reporter.includes('.') ? { reporter } : {}),
    ...(address === undefined ? {} : { address }),
    ...(typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65_535
      ? { port }
      : {}),
    ...(arrivedAt === undefined ? {} : { arrivedAt }),
    references: known.references,
    queueIds: known.queueIds,
    ...(messageId === '' ? {} : { messageId }),
    recipients: said.recipient === '' ? [] : [said.recipient],
    incidents: 1,
  }
}

/** XARF's types of version 4 and 3, in the words of RFC 5965; a map: what stands there is a stranger's. */
const KINDS: ReadonlyMap<string, FeedbackKind> = new Map([
  ['spam', 'abuse'],
  ['bulk-messaging', 'abuse'],
  ['phishing', 'fraud'],
  ['fraud', 'fraud'],
  ['malware', 'virus'],
  ['auth-failure', 'auth-failure'],
])
const kindOf = (type: string): FeedbackKind =>
  KINDS.get(type.toLowerCase().replaceAll('_', '-')) ?? 'other'

type Evidence = { readonly type: string; readonly payload: string; readonly encoded: boolean }

/** The first that says anything. */
function originalIn(evidence: readonly Evidence[], ourName: string): Original {
  for (const { type, payload, encoded } of evidence) {
    if (!/^(?:message|text)\//i.test(type)) continue
    const raw = Buffer.from(payload.slice(0, MAX_PAYLOAD), encoded ? 'base64' : 'utf8')
    const original = originalOf(parseHeader(raw).fields, ourName)
    if (saysSomething(original)) return original
  }
  return NO_ORIGINAL
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
const listOf = (value: unknown): Fields[] =>
  Array.isArray(value) ? value.slice(0, MAX_EVIDENCE).map(fieldsOf) : []
/** One line: it stands in journals and tables. Evidence is longer, and has lines. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
