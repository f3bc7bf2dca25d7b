// The certificates of this server: which of those that were found names it and can be read, and until when the one in use is good.

import { X509Certificate } from 'node:crypto'
import { certificateWarnings } from '../../../app/certificate-warnings.ts'
import type { Config } from '../../../config/schema.ts'
import { wholeFileNow } from '../../../wire/whole-file.ts'
import type { Check } from '../../check.ts'
import type { CertificateFiles } from '../finding.ts'
import { type Machine, tryRead } from '../machine.ts'

/** The first that names this server; undefined: none does, or none may be read. */
export const certificateFor = (
  hostname: string,
  all: readonly CertificateFiles[],
  machine: Machine,
): CertificateFiles | undefined =>
  all.find(({ key, chain }) => {
    const parsed = tryRead(() => new X509Certificate(machine.read(chain)))
    const readable = tryRead(() => machine.read(key))
    return parsed && 'is' in parsed && readable && 'is' in readable && parsed.is.checkHost(hostname)
  })

type CertificateNames = Pick<Config, 'hostname' | 'certificate' | 'certificates'>

/** `found`: those of this machine, where it was looked for them. `at`: now. */
export function certificateChecked(
  { hostname, certificate, certificates }: CertificateNames,
  found: readonly CertificateFiles[] = [],
  at = Date.now(),
): Check {
  const what = `certificate of ${hostname}`
  if (certificate === undefined)
    return {
      what,
      state: 'missing',
      said:
        found.length === 0
          ? 'none is named: Cordon makes one of its own, which clients do not trust'
          : `none of those that were found names it and can be read: ${found.map(({ chain }) => chain).join(', ')}`,
      write: `certbot certonly --standalone -d ${hostname}, then certificate: { key: …, chain: … }`,
    }
  const read = new X509Certificate(wholeFileNow(certificate.chain).bytes)
  const warnings = certificateWarnings({ hostname, certificate, certificates }, at)
  const until = read.validToDate.toISOString().slice(0, 10)
  const names = read.subjectAltName ?? read.subject
  if (warnings.length === 0)
    return { what, state: 'good', said: `${certificate.chain}: ${names}, until ${until}` }
  const isOver = read.validToDate.getTime() <= at
  return {
    what,
    state: 'missing',
    said: warnings.join('; '),
    write: 'certbot renew',
    ...(isOver ? { must: true as const } : {}),
  }
}
