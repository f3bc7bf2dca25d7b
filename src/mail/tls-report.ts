// A report to a domain of the TLS of mail that was sent there (RFC 8460): its JSON, and the mail that carries it.

import { gzipSync } from 'node:zlib'
import MimeNode from 'nodemailer/lib/mime-node'
import { DAY, SECOND } from '../model/duration.ts'
import { parseTime } from '../model/time.ts'
import type { TlsFailure, TlsPolicy } from '../model/tls-session.ts'
import { eachOnce, mailAddressIn } from './report-readers.ts'

export type CountedFailure = {
  readonly type: TlsFailure
  readonly mx?: string
  readonly ip?: string
  readonly sessions: number
}

/** Sessions under one policy. */
export type CountedPolicy = {
  readonly policy: TlsPolicy
  readonly good: number
  readonly failed: number
  readonly failures: readonly CountedFailure[]
}

export type TlsReport = {
  /** Whom it is about. */
  readonly domain: string
  /** A day in UTC: `2026-11-29`. */
  readonly day: string
  readonly policies: readonly CountedPolicy[]
}

export type TlsReporter = {
  /** What the operator is called. */
  readonly organisation: string
  /** The domain that reports, and an address of it that is read. */
  readonly domain: string
  readonly contact: string
}

/** RFC 8460 §4. */
export function reportJson({ domain, day, policies }: TlsReport, by: TlsReporter): object {
  return {
    'organization-name': by.organisation,
    'date-range': { 'start-datetime': `${day}T00:00:00Z`, 'end-datetime': `${day}T23:59:59Z` },
    'contact-info': by.contact,
    'report-id': reportId(domain, day, by),
    policies: policies.map(({ policy, good, failed, failures }) => ({
      policy: {
        'policy-type': policy.kind,
        ...(policy.lines.length > 0 ? { 'policy-string': policy.lines } : {}),
        'policy-domain': policy.domain,
        ...(policy.mx.length > 0 ? { 'mx-host': policy.mx } : {}),
      },
      summary: { 'total-successful-session-count': good, 'total-failure-session-count': failed },
      ...(failures.length > 0
        ? {
            'failure-details': failures.map(({ type, mx, ip, sessions }) => ({
              'result-type': type,
              ...(mx === undefined ? {} : { 'receiving-mx-hostname': mx }),
              ...(ip === undefined ? {} : { 'receiving-ip': ip }),
              'failed-session-count': sessions,
            })),
          }
        : {}),
    })),
  }
}

/** The same for the same day and domain. */
const reportId = (domain: string, day: string, by: TlsReporter): string =>
  `${day}.${domain}@${by.domain}`

/** RFC 8460 §5.3, to be signed; its delivery must not fail for what it reports. */
export function reportMail(
  report: TlsReport,
  { to, by, at }: { readonly to: string; readonly by: TlsReporter; readonly at: number },
): Promise<Buffer> {
  const { domain, day } = report
  const id = reportId(domain, day, by)
  const json = Buffer.from(`${JSON.stringify(reportJson(report, by), undefined, 1)}\n`)
  const begin = (parseTime(`${day}T00:00:00Z`) ?? 0) / SECOND
  const filename = `${by.domain}!${domain}!${begin}!${begin + DAY / SECOND - 1}.json.gz`
  const root = new MimeNode('multipart/report; report-type=tlsrpt', { newline: '\r\n' })
  root.setHeader({
    From: { name: by.organisation, address: by.contact },
    To: to,
    Subject: `Report Domain: ${domain} Submitter: ${by.domain} Report-ID: <${id}>`,
    'TLS-Report-Domain': domain,
    'TLS-Report-Submitter': by.domain,
    // RFC 8689 §5: rather in clear than not.
    'TLS-Required': 'No',
    Date: new Date(at),
    'Message-ID': `<tls-report.${id}>`,
    'Auto-Submitted': 'auto-generated',
  })
  root
    .createChild('text/plain; charset=utf-8')
    .setContent(
      `This is a report of TLS for mail from us to ${domain} on ${day}, as _smtp._tls.${domain} asks for (RFC 8460).\n`,
    )
  root.createChild('application/tlsrpt+gzip', { filename }).setContent(gzipSync(json))
  return root.build()
}

/** A TXT record of TLS reports (RFC 8460 §3): the addresses to mail to. With two of them there is none. */
export function reportAddresses(texts: readonly string[]): readonly string[] {
  const records = texts.filter(text => /^v=TLSRPTv1\s*;/.test(text))
  const [record] = records
  if (records.length !== 1 || record === undefined) return []
  const rua = /;\s*rua=([^;]*)/.exec(record)?.[1] ?? ''
  const found = rua
    .split(',')
    .map(uri => mailAddressIn(/^\s*mailto:([^?]+)/i.exec(uri)?.[1]?.trim() ?? ''))
    .filter(address => address !== undefined)
  return eachOnce(found, address => address).slice(0, MOST_ADDRESSES)
}

/** Of one domain. */
const MOST_ADDRESSES = 2
