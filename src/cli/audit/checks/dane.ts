// DANE for SMTP (RFC 7672): a signed TLSA record that the certificate on 25 matches. Unsigned, or of another certificate, it is worse than none.

import { X509Certificate } from 'node:crypto'
import { isMatched, usableTlsa } from '../../../wire/dane.ts'
import { type AuditCheck, good, note, unknown, wrong } from '../audit-check.ts'
import { isExchanger, openPort } from '../port-facts.ts'
import type { SeenCertificate } from '../record.ts'

export const dane: AuditCheck = {
  name: 'dane',
  column: 'DANE',
  judge: record => {
    const { tlsa, inbound, ports } = record
    const seen = openPort(ports[25])
    if (!seen && !isExchanger(record)) return undefined
    if ('needs' in tlsa) return { state: 'not-asked', said: tlsa.needs }
    if ('unknown' in tlsa) return unknown(tlsa.unknown)
    const { records, secure } = tlsa.value
    const name = `_25._tcp.${inbound}`
    if (records.length === 0)
      return note(
        `no TLSA record at ${name}`,
        'where the zone is signed, publish one: 3 1 1 with the digest of the key; MTA-STS does without DNSSEC',
      )
    if (!secure)
      return wrong(
        `the TLSA records at ${name} are not signed, or the MX or address is not that leads to them: no server may believe them`,
        'sign the zone with DNSSEC and give its key to the registry, or take them out',
      )
    const usable = usableTlsa(records)
    if (usable.length === 0)
      return wrong(
        `no TLSA record at ${name} is one of those that SMTP uses`,
        'publish one with usage 3 (or 2), selector 1, digest 1 (RFC 7672 §3.1)',
      )
    if (!seen) return unknown('25: the certificate was not seen')
    const { tls } = seen
    if (!tls || 'broken' in tls)
      return wrong(
        `there are TLSA records, and no TLS on 25: ${tls?.broken ?? 'not offered'}`,
        RENEW,
      )
    if ('unknown' in tls) return unknown(`25: ${tls.unknown}`)
    const { certificate } = tls.value
    const shown = { chain: chainOf(certificate), names: [inbound], at: record.at }
    return isMatched(usable, shown)
      ? good(
          `TLSA ${usable.map(({ usage, selector, matching }) => `${usage} ${selector} ${matching}`).join(', ')}`,
        )
      : wrong(
          `no TLSA record at ${name} matches the certificate on 25: those who look take no other way, and mail waits`,
          RENEW,
        )
  },
}

const chainOf = ({ chain }: SeenCertificate): readonly X509Certificate[] =>
  chain.map(one => new X509Certificate(Buffer.from(one, 'base64')))

const RENEW =
  'publish the digest of the key that is shown, before it is shown: keep the old record beside the new one when it is renewed'
