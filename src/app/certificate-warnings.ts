// What `cordon config check` says of certificates that can be used: one that does not name the server, is not good yet, or ends soon. At a
// start and once a day only their dates are told (certificate-dates.ts).

import { X509Certificate } from 'node:crypto'
import { placeInWords } from '../config/complaint.ts'
import type { Config } from '../config/schema.ts'
import { endsSoon } from '../model/certificate-end.ts'
import { wholeFileNow } from '../wire/whole-file.ts'

type CertificateNames = Pick<Config, 'hostname' | 'certificate' | 'certificates'>

/** A line each. `at`: now. */
export function certificateWarnings(
  { hostname, certificate, certificates }: CertificateNames,
  at: number,
): readonly string[] {
  const all = [
    ...(certificate ? [{ name: 'certificate', read: readOf(certificate.chain) }] : []),
    ...certificates.map(({ chain }, i) => ({
      name: placeInWords(['certificates', i]),
      read: readOf(chain),
    })),
  ]
  const isNamed = all.length === 0 || all.some(({ read }) => read.checkHost(hostname))
  const unnamed = `no certificate names ${hostname} (hostname): clients that look at it hand over no mail`
  return [
    ...(isNamed ? [] : [unnamed]),
    ...all.flatMap(({ name, read }) => datesOf(name, read, at)),
  ]
}

const readOf = (chain: string) => new X509Certificate(wholeFileNow(chain).bytes)

function datesOf(name: string, read: X509Certificate, at: number): readonly string[] {
  const [from, to] = [read.validFromDate.getTime(), read.validToDate.getTime()]
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  if (to <= at) return [`${name} expired on ${day(to)}`]
  if (from > at) return [`${name} is not valid before ${day(from)}`]
  return endsSoon(to, at) ? [`${name} expires on ${day(to)}, in less than 14 days`] : []
}
