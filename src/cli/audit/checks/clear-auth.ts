// AUTH before TLS: a password crosses the network for all to read (RFC 8314 §3). AuditAnswer by what the server lists, no password is sent.

import { type AuditCheck, good, unknown, wrong } from '../audit-check.ts'
import { authOffered, openPort, unknownPort } from '../port-facts.ts'

export const clearAuth: AuditCheck = {
  name: 'auth-before-tls',
  column: 'AUTH',
  judge: ({ ports }) => {
    const clear = openPort(ports[587])?.clear
    if (!clear) return unknownPort(ports[587], 587)
    if ('unknown' in clear) return unknown(`587: ${clear.unknown}`)
    const auth = authOffered(clear)
    if (auth === undefined) return good('no AUTH before TLS')
    return wrong(
      `AUTH ${auth} is offered on 587 before TLS`,
      'offer AUTH after STARTTLS alone: in Postfix smtpd_tls_auth_only=yes, in Exim auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}, in Dovecot ssl = required',
    )
  },
}
