// An open relay sends mail of strangers to strangers.

import { type AuditCheck, good, type Judged, unknown, worstOf, wrong } from '../audit-check.ts'
import { openPort } from '../port-facts.ts'
import { AUDIT_PORTS, type RelayAnswer } from '../record.ts'

export const relay: AuditCheck = {
  name: 'relay',
  column: 'RELAY',
  judge: ({ ports, relayForbidden }) => {
    const open = AUDIT_PORTS.flatMap(port => openPort(ports[port]) ?? [])
    if (open.length === 0) return undefined
    if (relayForbidden !== undefined) return { state: 'not-asked', said: relayForbidden }
    return (
      worstOf(open.map(one => one.relay && judged(one.relay))) ?? unknown('there was no answer')
    )
  },
}

function judged(answer: RelayAnswer): Judged {
  if (answer.kind === 'closed') return good('it sends no mail of strangers to strangers')
  if (answer.kind === 'unknown') return unknown(answer.words)
  return wrong(
    `it takes mail of strangers for strangers: ${answer.words}`,
    'refuse recipients of foreign domains without a login: in Postfix smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, and look at mynetworks; in Exim the end of acl_smtp_rcpt',
  )
}
