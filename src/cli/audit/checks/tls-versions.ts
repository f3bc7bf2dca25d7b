// TLS 1.0 and 1.1 must not be used where passwords cross (RFC 8996). On 25 they are better than none.

import { type AuditCheck, good, type Judged, unknown, worstOf, wrong } from '../audit-check.ts'
import { openPort, unknownPort } from '../port-facts.ts'
import type { OpenPort } from '../record.ts'

export const tlsVersions: AuditCheck = {
  name: 'tls-versions',
  column: 'TLS',
  judge: ({ ports }) =>
    worstOf(
      ([465, 587] as const).map(
        port => unknownPort(ports[port], port) ?? judged(openPort(ports[port]), port),
      ),
    ),
}

function judged(seen: OpenPort | undefined, port: number): Judged | undefined {
  if (!seen?.tls || !('value' in seen.tls)) return undefined
  if (!seen.old) return unknown(`${port}: TLS 1.1 was not tried`)
  if ('unknown' in seen.old) return unknown(`${port}: TLS 1.1: ${seen.old.unknown}`)
  if (seen.old.value === undefined) return good('TLS 1.2 and later alone')
  return wrong(
    `${seen.old.value} is taken on ${port}`,
    'take TLS 1.2 and later alone (RFC 8996): in Postfix smtpd_tls_mandatory_protocols = >=TLSv1.2, and smtpd_tls_protocols as well where smtpd_tls_security_level=may; in Exim with GnuTLS (Debian) tls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1, with OpenSSL openssl_options = +no_tlsv1 +no_tlsv1_1; in Dovecot ssl_min_protocol = TLSv1.2',
  )
}
