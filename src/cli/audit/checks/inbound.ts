// Port 25 takes mail from other servers, and no passwords: where it does, bots guess them there.

import { type AuditCheck, good, unknown, wrong } from '../audit-check.ts'
import { authOffered, isExchanger, unknownPort } from '../port-facts.ts'

export const inbound: AuditCheck = {
  name: 'inbound',
  column: '25',
  judge: record => {
    const seen = record.ports[25]
    const isMx = isExchanger(record)
    if (seen.kind === 'closed')
      return isMx
        ? wrong(
            `${record.inbound} is an MX of ${record.domain}, and refuses connections on 25`,
            'let it listen on 25 for all addresses, or take it out of the MX records; a network that closes 25 to its customers may look the same from here',
          )
        : undefined
    if (seen.kind === 'unknown')
      return isMx ? unknown(`25: ${seen.words}; the network here may close port 25`) : undefined
    if (seen.kind === 'refuses') return unknownPort(seen, 25)
    const { clear, inTls, starttls } = seen
    if (clear && 'unknown' in clear) return unknown(`25: ${clear.unknown}`)
    const auth = authOffered(clear) ?? authOffered(inTls)
    if (auth !== undefined)
      return wrong(
        `AUTH ${auth} is offered on 25`,
        'take passwords on 465 and 587 only: in Postfix smtpd_sasl_auth_enable=no for the service smtp, in Exim auth_advertise_hosts for the other ports alone',
      )
    // What it offers after TLS was to be seen, too.
    if (inTls && 'unknown' in inTls) return unknown(`25: after TLS ${inTls.unknown}`)
    if (!inTls && (starttls === 'listed' || starttls === 'stripped'))
      return unknown('25: TLS failed, and what is offered in it was not seen')
    return good('25: no AUTH')
  },
}
