// Mail programs find the outgoing server by SRV records (RFC 6186, RFC 8314 §5.1) or Mozilla's autoconfig, and never on port 25.

import { isQueryName } from '../../../drivers/lookups/query-name.ts'
import { type AuditCheck, good, note, unknown, wrong } from '../audit-check.ts'
import { isInboundOnly } from '../port-facts.ts'

export const clientSetup: AuditCheck = {
  name: 'client-setup',
  column: 'SRV',
  judge: record => {
    const { setup, domain } = record
    if (isInboundOnly(record)) return undefined
    if ('unknown' in setup) return unknown(setup.unknown)
    const { services, autoconfig } = setup.value
    const told = 'value' in autoconfig ? (autoconfig.value ?? []) : []
    if ([...services, ...told].some(({ port }) => port === 25))
      return wrong('mail programs are told to send on port 25', 'tell them 465, and 587 beside it')
    const odd = services.find(({ host }) => !isQueryName(host))
    if (odd)
      return wrong(
        `_${odd.service}._tcp.${domain} leads to ${odd.host}, which is no name`,
        `_${odd.service}._tcp.${domain}. SRV 0 1 ${odd.port} ${record.outgoing}.`,
      )
    const ways = [
      ...services.map(({ service, host, port }) => `${service} ${host}:${port}`),
      ...told.map(({ host, port }) => `autoconfig ${host}:${port}`),
    ]
    if (ways.length > 0) return good(ways.join(', '))
    if ('unknown' in autoconfig)
      return unknown(`https://autoconfig.${domain}: ${autoconfig.unknown}`)
    const broken =
      'broken' in autoconfig ? ` (https://autoconfig.${domain}: ${autoconfig.broken})` : ''
    return note(
      `mail programs are told nothing${broken}`,
      `_submissions._tcp.${domain}. SRV 0 1 465 ${record.outgoing}.; Cordon has it all: \`cordon client-setup show ${domain}\``,
    )
  },
}
