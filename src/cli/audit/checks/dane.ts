// DANE for SMTP (RFC 7672): a signed TLSA record that the certificate on 25 matches. Unsigned, or of another certificate, it is worse than none.

import { createHash, X509Certificate } from 'node:crypto'
import { type AuditCheck, good, note, unknown, wrong } from '../audit-check.ts'
import { isExchanger, openPort } from '../port-facts.ts'
import type { SeenCertificate, Tlsa } from '../record.ts'

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
    const usable = records.filter(isUsable)
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
    const at = { host: inbound, at: record.at }
    return usable.some(one => isMatched(one, certificate, at))
      ? good(
          `TLSA ${usable.map(({ usage, selector, matching }) => `${usage} ${selector} ${matching}`).join(', ')}`,
        )
      : wrong(
          `no TLSA record at ${name} matches the certificate on 25: those who look take no other way, and mail waits`,
          RENEW,
        )
  },
}

/** DANE-TA and DANE-EE; the others are of the web (RFC 7672 §3.1.3). */
const isUsable = ({ usage, selector, matching }: Tlsa): boolean =>
  [2, 3].includes(usage) && [0, 1].includes(selector) && [0, 1, 2].includes(matching)

type Expected = { readonly host: string; readonly at: number }

function isMatched(record: Tlsa, { chain }: SeenCertificate, { host, at }: Expected): boolean {
  const sent = chain.map(one => new X509Certificate(Buffer.from(one, 'base64')))
  const [own] = sent
  if (!own) return false
  // Of DANE-EE neither name nor dates count (RFC 7672 §3.1.1).
  if (record.usage === 3) return isOf(record, own)
  const links = linked(sent)
  return (
    links.slice(1).some(one => isOf(record, one)) &&
    own.checkHost(host) !== undefined &&
    links.every(one => one.validFromDate.getTime() <= at && at < one.validToDate.getTime())
  )
}

/** As far as each is signed by the next. */
function linked(sent: readonly X509Certificate[]): readonly X509Certificate[] {
  const end = sent.findIndex((one, i) => {
    const next = sent[i + 1]
    return !next || !one.checkIssued(next) || !one.verify(next.publicKey)
  })
  return sent.slice(0, end + 1)
}

function isOf({ selector, matching, data }: Tlsa, certificate: X509Certificate): boolean {
  const bytes =
    selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' })
  if (matching === 0) return bytes.toString('hex') === data
  return (
    createHash(matching === 1 ? 'sha256' : 'sha512')
      .update(bytes)
      .digest('hex') === data
  )
}

const RENEW =
  'publish the digest of the key that is shown, before it is shown: keep the old record beside the new one when it is renewed'
