// Port 587: STARTTLS, and AUTH after it (RFC 6409, RFC 8314 §3.3).

import { type AuditCheck, good, type Judged, note, unknown, wrong } from '../audit-check.ts'
import { authOffered, isInboundOnly, unknownPort } from '../port-facts.ts'
import type { AuditRecord, OpenPort, SeenPort } from '../record.ts'

export const submission: AuditCheck = {
  name: 'submission',
  column: '587',
  judge: record => (isInboundOnly(record) ? undefined : judgedBeside(record, 587, 465)),
}

/** A port alone is enough: where the other one is good, its absence is no fault. */
export function judgedBeside(record: AuditRecord, own: 465 | 587, other: 465 | 587): Judged {
  const judged = judgedPort(record.ports[own], own)
  if (judged.state !== 'wrong' || record.ports[own].kind !== 'closed') return judged
  if (judgedPort(record.ports[other], other).state !== 'good') return judged
  return note(judged.said, judged.mend ?? '')
}

function judgedPort(seen: SeenPort, port: 465 | 587): Judged {
  if (seen.kind === 'open') return judgedOpen(seen, port)
  return unknownPort(seen, port) ?? wrong(`no server listens on ${port}`, OPEN[port])
}

function judgedOpen({ clear, starttls, tls, inTls }: OpenPort, port: 465 | 587): Judged {
  if (clear && !('value' in clear)) return unknown(`${port}: ${clear.unknown}`)
  if (starttls === 'absent') return wrong(`no STARTTLS on ${port}`, TLS)
  if (starttls === 'refused') return wrong(`STARTTLS on ${port} is listed and not taken`, TLS)
  if (!tls) return unknown(`${port}: TLS was not tried`)
  if ('broken' in tls) return wrong(`no TLS on ${port}: ${tls.broken}`, TLS)
  if ('unknown' in tls) return unknown(`${port}: ${tls.unknown}`)
  if (!inTls || 'unknown' in inTls)
    return unknown(`${port}: after TLS ${inTls?.unknown ?? 'nothing was asked'}`)
  const auth = authOffered(inTls)
  if (auth === undefined) return wrong(`no AUTH on ${port} after TLS`, AUTH)
  if (auth === '') return wrong(`AUTH on ${port} offers no mechanism`, AUTH)
  const way = port === 465 ? 'TLS' : 'STARTTLS'
  return good(`${port}: ${way} (${tls.value.protocol}), AUTH ${auth}`)
}

const OPEN = {
  587: 'let customers hand over mail on 587, with STARTTLS and AUTH: in Postfix the lines `submission` of master.cf, in Cordon a listener { kind: submission, port: 587 }',
  465: 'let customers hand over mail on 465 with TLS from the first byte (RFC 8314): in Postfix the lines `submissions` of master.cf, in Cordon a listener { kind: submission, port: 465, tls: implicit }',
} as const
const TLS =
  'give it a certificate and demand TLS: in Postfix smtpd_tls_chain_files and smtpd_tls_security_level=encrypt for this service'
const AUTH =
  'offer AUTH there: in Postfix smtpd_sasl_auth_enable=yes with smtpd_sasl_type, in Exim an authenticator that is advertised in TLS'
