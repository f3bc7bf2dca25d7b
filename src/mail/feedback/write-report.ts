// A report of abuse to another network: prose for people, and the same for programs, as ARF (RFC 5965) about one machine, or as XARF 4
// about each of several. It says when and from where, and nothing that the sender chose: that may have been made for one recipient.

import { createHash } from 'node:crypto'
import MimeNode from 'nodemailer/lib/mime-node'
import { type ReportFormat, SEEN, type Sighting, timesOf } from '../../model/sighting.ts'
import { domainOf } from '../../model/mail-address.ts'
import { mailDate } from '../trace.ts'

export type OutgoingReport = {
  /** The abuse contact of their network. */
  readonly to: string
  /** An address of ours that is read. */
  readonly from: string
  /** What we are called, in words. */
  readonly provider: string
  readonly ourName: string
  readonly at: number
  readonly messageId: string
  readonly format: ReportFormat
  /** At least one; of ARF the first alone is reported. */
  readonly sightings: readonly Sighting[]
}

/** Machines in one report: a mail that people can read; RFC 5965 §3.2 knows one. */
export const REPORTED_AT_ONCE: Readonly<Record<ReportFormat, number>> = { xarf: 50, arf: 1 }

export function writeReport(report: OutgoingReport): Promise<Buffer> {
  const about = report.sightings.slice(0, REPORTED_AT_ONCE[report.format])
  const root = new MimeNode(
    report.format === 'arf' ? 'multipart/report; report-type=feedback-report' : 'multipart/mixed',
    { newline: '\r\n' },
  )
  root.setHeader({
    From: { name: report.provider, address: report.from },
    To: report.to,
    Subject: `Abuse from your network: ${subjectOf(about)}`,
    Date: new Date(report.at),
    'Message-ID': `<${report.messageId}>`,
    // RFC 3834 §5: no program answers it.
    'Auto-Submitted': 'auto-generated',
  })
  root.createChild('text/plain; charset=utf-8').setContent(prose(report, about))
  const [first] = about
  if (report.format === 'arf' && first) {
    root.createChild('message/feedback-report').setContent(feedbackReport(report, first))
    root.createChild('text/rfc822-headers').setContent(headerOf(report, first))
  } else
    for (const [i, one] of about.entries())
      root
        .createChild('application/json', { filename: `xarf-${i + 1}.json` })
        .setHeader('Content-Transfer-Encoding', 'base64')
        .setContent(`${JSON.stringify(xarf(report, one), undefined, 2)}\n`)
  return root.build()
}

const subjectOf = (about: readonly Sighting[]): string =>
  about.length === 1 ? (about[0]?.sample.address ?? '') : `${about.length} addresses`

function prose(report: OutgoingReport, about: readonly Sighting[]): string {
  const { provider, ourName, from } = report
  return [
    'Hello,',
    '',
    `these machines of your network sent unwanted mail to ${ourName}. Most likely they are infected, or broken into.`,
    'Times are UTC. The port is that of the last connection.',
    ...(about.some(one => one.seen.trap) ? [TO_THE_HOUR] : []),
    '',
    ...about.flatMap(rowsOf),
    'What stands here comes from our own mail server. We leave out to whom it was sent, and all that its sender wrote.',
    `An answer to ${from} reaches a person. If you want no more of these reports, or at another address, tell us there.`,
    '',
    provider,
    '',
  ].join('\n')
}

const TO_THE_HOUR =
  'Of a machine that wrote to addresses that were never given out, times are rounded down to the hour.'

const WORDS = {
  trap: 'to addresses that were never given out',
  decoy: 'to a machine that is no mail server and exists to be found by bots',
  virus: 'with a virus',
  spam: 'that a filter takes for spam',
} as const

function rowsOf({ first, last, seen, sample }: Sighting): readonly string[] {
  const port = sample.port > 0 ? `, port ${sample.port}` : ''
  const virus = sample.virus === undefined ? [] : [`    virus: ${oneLine(sample.virus)}`]
  return [
    `  ${sample.address}${port}`,
    `    from ${utc(first)} to ${utc(last)}, the last one at ${utc(sample.at)}`,
    ...SEEN.flatMap(kind => {
      const times = seen[kind] ?? 0
      return times === 0 ? [] : [`    messages ${WORDS[kind]}: ${times}`]
    }),
    ...virus,
    '',
  ]
}

/** RFC 5965 §3. */
function feedbackReport(report: OutgoingReport, one: Sighting): string {
  const { sample } = one
  const rows = [
    `Feedback-Type: ${one.seen.virus ? 'virus' : 'abuse'}`,
    'User-Agent: Cordon',
    'Version: 1',
    `Arrival-Date: ${mailDate(sample.at)}`,
    `Reporting-MTA: dns; ${report.ourName}`,
    `Source-IP: ${sample.address}`,
    // RFC 6692.
    ...(sample.port > 0 ? [`Source-Port: ${sample.port}`] : []),
    `Incidents: ${timesOf(one)}`,
  ]
  return rows.map(row => `${row}\r\n`).join('')
}

/** Of the last message: what our server would put before it. */
function headerOf({ ourName }: OutgoingReport, { sample }: Sighting): string {
  const address = sample.address.includes(':') ? `IPv6:${sample.address}` : sample.address
  const rows = [`Received: from [${address}]`, `\tby ${ourName};`, `\t${mailDate(sample.at)}`]
  return rows.map(row => `${row}\r\n`).join('')
}

/** XARF 4: what every report has, and what one about spam has. */
function xarf(report: OutgoingReport, one: Sighting): object {
  const { sample } = one
  const header = Buffer.from(headerOf(report, one))
  const us = { org: report.provider, contact: report.from, domain: domainOf(report.from) }
  return {
    xarf_version: '4.2.0',
    report_id: uuid(`${report.messageId} ${one.id}`),
    timestamp: utc(sample.at),
    reporter: us,
    sender: us,
    source_identifier: sample.address,
    ...(sample.port > 0 ? { source_port: sample.port } : {}),
    category: 'messaging',
    type: 'spam',
    // With smtp its sender would have to stand there, too.
    protocol: 'other',
    evidence_source: sourceOfEvidence(one),
    evidence: [
      {
        content_type: 'text/rfc822-headers',
        description: 'How the last message came to our server',
        payload: header.toString('base64'),
        hash: `sha256:${createHash('sha256').update(header).digest('hex')}`,
        size: header.length,
      },
    ],
    description: rowsOf(one)
      .map(row => row.trim())
      .join('\n')
      .trim()
      .slice(0, 1000),
    first_seen: utc(one.first),
    last_seen: utc(one.last),
    report_count: timesOf(one),
  }
}

const sourceOfEvidence = ({ seen }: Sighting): string => {
  if (seen.trap) return 'spamtrap'
  return seen.decoy ? 'honeypot' : 'automated_filter'
}

const utc = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')

/** The same for the same text: a report that is written again is the same report. Version and variant are those of a random one. */
function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4] ?? '8'
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
