// TLS of port 25, and whether a device on the way takes STARTTLS out of what a server lists.

import { type AuditCheck, good, type Judged, unknown, worstOf, wrong } from '../audit-check.ts'
import { isExchanger, openPort, unknownPort } from '../port-facts.ts'
import type { AuditRecord, OpenPort } from '../record.ts'

export const starttls: AuditCheck = {
  name: 'starttls',
  column: 'TLS',
  judge: record =>
    worstOf([
      judged25(record),
      ...([25, 587] as const).map(port => onTheWay(openPort(record.ports[port]), port)),
    ]),
}

/** A server that takes no mail for the domain need not listen on 25. */
function judged25(record: AuditRecord): Judged | undefined {
  const port = record.ports[25]
  const seen = openPort(port)
  if (!seen) return isExchanger(record) ? unknownPort(port, 25) : undefined
  const { clear, starttls: how, tls } = seen
  if (clear && 'unknown' in clear) return unknown(`25: ${clear.unknown}`)
  if (how === 'absent') return wrong('no STARTTLS on 25', TLS)
  if (how === 'refused') return wrong('STARTTLS on 25 is listed and not taken', TLS)
  if (!tls || 'unknown' in tls) return unknown(`25: ${tls?.unknown ?? 'TLS was not tried'}`)
  if ('broken' in tls) return wrong(`no TLS on 25: ${tls.broken}`, TLS)
  return good(`STARTTLS on 25 (${tls.value.protocol})`)
}

function onTheWay(seen: OpenPort | undefined, port: 25 | 587): Judged | undefined {
  if (!seen) return undefined
  const { clear, greeting, starttls: how } = seen
  const lines = clear && 'value' in clear ? clear.value : []
  if (how === 'stripped')
    return wrong(`STARTTLS is not listed on ${port} and yet taken: it is removed on the way`, FIND)
  // Firewalls that look into SMTP write X over what they do not know, and stars over the greeting.
  if (lines.some(one => /^X{6,}/.test(one)) || /\*{8}/.test(greeting))
    return wrong(`what the server says on ${port} is overwritten on the way`, FIND)
  return undefined
}

const FIND =
  'find the device: ask from another network, and switch off the inspection of SMTP in firewalls (Cisco: inspect esmtp)'
const TLS =
  'let others hand over mail in TLS: in Postfix smtpd_tls_chain_files and smtpd_tls_security_level=may, in Exim tls_certificate and tls_advertise_hosts = *'
