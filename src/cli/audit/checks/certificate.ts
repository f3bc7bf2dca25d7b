// Certificates: of 465 and 587 mail programs look at name, dates and chain; of 25 only those who enforce MTA-STS.

import { DAY } from '../../../model/duration.ts'
import { type AuditCheck, good, type Judged, note, worstOf, wrong } from '../audit-check.ts'
import { openPort, unknownPort } from '../port-facts.ts'
import { AUDIT_PORTS, type AuditPort, type AuditRecord, type SeenCertificate } from '../record.ts'
import { policyOf } from './mta-sts.ts'

/** What renews certificates does so weeks before. */
const SOON = 7 * DAY

export const certificate: AuditCheck = {
  name: 'certificate',
  column: 'CERT',
  judge: record => {
    const judged = AUDIT_PORTS.map(port => [port, judgedOn(record, port)] as const)
    return worstOf(
      judged.map(([, own]) => {
        const same = judged.filter(([, one]) => own && one?.said === own.said).map(([port]) => port)
        return own && { ...own, said: `${same.join(', ')}: ${own.said}` }
      }),
    )
  },
}

function judgedOn(record: AuditRecord, port: AuditPort): Judged | undefined {
  const tls = openPort(record.ports[port])?.tls
  // What is not known of 25 is said by other checks.
  if (!tls) return port === 25 ? undefined : unknownPort(record.ports[port], port)
  if (!('value' in tls)) return undefined
  const shown = tls.value.certificate
  const host = port === 25 ? record.inbound : record.outgoing
  const faults = faultsOf(shown, { host, at: record.at })
  const until = day(shown.until)
  if (faults.length > 0) {
    const said = `the certificate ${faults.join(', and ')}`
    return mustBeTrusted(record, port) ? wrong(said, MEND) : note(said, MEND)
  }
  if (shown.until - record.at < SOON)
    return note(`the certificate of ${host} ends on ${until}`, 'renew it: certbot renew')
  return good(`certificate of ${host} until ${until}`)
}

function mustBeTrusted(record: AuditRecord, port: AuditPort): boolean {
  return port !== 25 || policyOf(record)?.mode === 'enforce'
}

function faultsOf(
  { isNamed, names, from, until, distrusted }: SeenCertificate,
  { host, at }: { readonly host: string; readonly at: number },
): readonly string[] {
  return [
    ...(isDate(from) && isDate(until) ? [] : ['has dates that there are not']),
    ...(isNamed ? [] : [`is not that of ${host} but of ${names || 'no name'}`]),
    ...(until <= at ? [`ended on ${day(until)}`] : []),
    ...(from > at ? [`begins on ${day(from)}`] : []),
    ...(distrusted === undefined || until <= at || from > at
      ? []
      : [`is trusted by no program (${distrusted})`]),
  ]
}

/** From 1970 to 9999: a month 99 becomes neither. */
const isDate = (at: number): boolean => at > 0 && at < Date.UTC(10_000, 0)

const day = (at: number): string =>
  isDate(at) ? new Date(at).toISOString().slice(0, 10) : 'a day that there is not'

const MEND =
  'show one of a public authority for this very name, with the certificates between: certbot certonly -d NAME, and fullchain.pem rather than cert.pem'
