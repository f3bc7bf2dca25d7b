// A report to a domain of the mail that named it in From (RFC 9990): its XML, and the mail that carries it.

import { gzipSync } from 'node:zlib'
import MimeNode from 'nodemailer/lib/mime-node'
import type { DmarcRow } from '../../model/dmarc-row.ts'
import { DAY, SECOND } from '../../model/duration.ts'
import { parseTime } from '../../model/time.ts'

export type CountedRow = {
  readonly id: string
  readonly row: DmarcRow
  /** Messages. */
  readonly count: number
  /** Of the last one: Unix time, ms. */
  readonly at: number
  /** Without the names that the sender chose. */
  readonly bare?: true
}

export type DmarcReport = {
  /** Where its record is. */
  readonly domain: string
  /** A day in UTC: `2026-11-29`. */
  readonly day: string
  /** One at least. */
  readonly rows: readonly CountedRow[]
}

export type DmarcReporter = {
  /** What the operator is called. */
  readonly organisation: string
  /** The domain that reports, and an address of it that is read. */
  readonly domain: string
  readonly contact: string
  /** Name and version of this program. */
  readonly generator: string
}

/** RFC 9990, Appendix A. */
export function reportXml(report: DmarcReport, by: DmarcReporter): string {
  const { rows, day } = report
  const last = rows.reduce((a, b) => (b.at > a.at ? b : a)).row.published
  const { begin, end } = periodOf(day)
  const metadata = [
    tag('org_name', by.organisation),
    tag('email', by.contact),
    tag('report_id', reportId(report, by)),
    `<date_range>${tag('begin', begin)}${tag('end', end)}</date_range>`,
    tag('generator', by.generator),
  ]
  const published = [
    tag('domain', last.domain),
    tag('discovery_method', 'treewalk'),
    tag('p', last.p),
    last.sp ? tag('sp', last.sp) : '',
    last.np ? tag('np', last.np) : '',
    tag('adkim', last.adkim),
    tag('aspf', last.aspf),
    tag('testing', last.testing ? 'y' : 'n'),
  ]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">',
    tag('version', '1.0'),
    `<report_metadata>${metadata.join('')}</report_metadata>`,
    `<policy_published>${published.join('')}</policy_published>`,
    ...rows.map(recordXml),
    '</feedback>\n',
  ].join('\n')
}

function recordXml({ row, count }: CountedRow): string {
  const { ip, disposition, reasons, signatures, spfResult } = row
  const evaluated = [
    tag('disposition', disposition),
    tag('dkim', row.dkim ? 'pass' : 'fail'),
    tag('spf', row.spf ? 'pass' : 'fail'),
    ...reasons.map(
      ({ type, comment }) =>
        `<reason>${tag('type', type)}${comment ? tag('comment', comment) : ''}</reason>`,
    ),
  ]
  const results = signatures.map(
    ({ domain, selector, result }) =>
      `<dkim>${tag('domain', domain)}${tag('selector', selector)}${tag('result', result)}</dkim>`,
  )
  const spf = `<spf>${tag('domain', spfResult.domain)}${tag('scope', 'mfrom')}${tag('result', spfResult.result)}</spf>`
  return [
    '<record>',
    `<row>${tag('source_ip', ip)}${tag('count', count)}<policy_evaluated>${evaluated.join('')}</policy_evaluated></row>`,
    `<identifiers>${tag('header_from', row.headerFrom)}${tag('envelope_from', row.envelopeFrom)}</identifiers>`,
    `<auth_results>${results.join('')}${spf}</auth_results>`,
    '</record>',
  ].join('')
}

const tag = (name: string, value: string | number): string =>
  `<${name}>${escaped(String(value))}</${name}>`

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** What XML 1.0 has no way to write at all becomes a question mark: strangers choose the names. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll(/[&<>]/g, sign => ESCAPES[sign] ?? sign)

/** In seconds; the last one is of the day. */
function periodOf(day: string): { readonly begin: number; readonly end: number } {
  const begin = (parseTime(`${day}T00:00:00Z`) ?? 0) / SECOND
  return { begin, end: begin + DAY / SECOND - 1 }
}

/** The same for the same day and domain. */
const reportId = ({ day, domain }: DmarcReport, by: DmarcReporter): string =>
  `${day}.${domain}@${by.domain}`

/** RFC 9990, to be signed. `domain`: that of `by` is the one in From, or the report would not pass DMARC itself. */
export function reportMail(
  report: DmarcReport,
  { to, by, at }: { readonly to: string; readonly by: DmarcReporter; readonly at: number },
): Promise<Buffer> {
  const { domain, day } = report
  const id = reportId(report, by)
  const { begin, end } = periodOf(day)
  const filename = `${by.domain}!${domain}!${begin}!${end}.xml.gz`
  const root = new MimeNode('multipart/mixed', { newline: '\r\n' })
  root.setHeader({
    From: { name: by.organisation, address: by.contact },
    To: to,
    Subject: `Report Domain: ${domain} Submitter: ${by.domain} Report-ID: <${id}>`,
    Date: new Date(at),
    'Message-ID': `<dmarc-report.${id}>`,
    'Auto-Submitted': 'auto-generated',
  })
  root
    .createChild('text/plain; charset=utf-8')
    .setContent(
      `This is a report of mail on ${day} that came to us and names ${domain} in From, as _dmarc.${domain} asks for (RFC 9990).\n`,
    )
  root
    .createChild('application/gzip', { filename })
    .setHeader({ 'Content-Disposition': 'attachment' })
    .setContent(gzipSync(reportXml(report, by)))
  return root.build()
}
