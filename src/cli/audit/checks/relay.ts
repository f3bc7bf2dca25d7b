// An open relay sends mail of strangers to strangers.

import { type AuditCheck, good, type Judged, unknown, worstOf, wrong } from '../audit-check.ts'
import { isExchanger, openPort, unknownPort } from '../port-facts.ts'
import { AUDIT_PORTS, type AuditPort, type AuditRecord, type RelayAnswer } from '../record.ts'

export const relay: AuditCheck = {
  name: 'relay',
  column: 'RELAY',
  judge: record => {
    const { ports, relayForbidden, unreached } = record
    if (AUDIT_PORTS.every(port => ports[port].kind === 'closed')) return undefined
    if (relayForbidden !== undefined) return { state: 'not-asked', said: relayForbidden }
    const missing = unreached.map(
      (place): Judged => ({
        state: 'not-asked',
        said: `${place} was not asked: there is no way there from here`,
      }),
    )
    return worstOf([...AUDIT_PORTS.map(port => ofPort(record, port)), ...missing])
  },
}

/** Of a port that gave no answer it is not known: the others may have other rules. */
function ofPort(record: AuditRecord, port: AuditPort): Judged | undefined {
  const seen = record.ports[port]
  if (seen.kind === 'closed')
    return port === 25 && isExchanger(record)
      ? unknown('25: no connection is taken, perhaps by the network here')
      : undefined
  const open = openPort(seen)
  if (!open) return unknownPort(seen, port)
  return open.relay ? judged(open.relay) : unknown(`${port}: not asked, as TLS failed`)
}

function judged(answer: RelayAnswer): Judged {
  if (answer.kind === 'closed') return good('it sends no mail of strangers to strangers')
  if (answer.kind === 'unknown') return unknown(answer.words)
  return wrong(
    `it takes mail of strangers for strangers: ${answer.words}`,
    'refuse recipients of foreign domains without a login: in Postfix smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination, and look at mynetworks; in Exim the end of acl_smtp_rcpt',
  )
}
