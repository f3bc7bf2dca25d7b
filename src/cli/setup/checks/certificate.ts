// The certificates that were found: which one names this server and can be read, and until when it is good.

import { X509Certificate } from 'node:crypto'
import { certificateWarnings } from '../../../app/certificate-warnings.ts'
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

/** `used`: the one that the configuration names. `at`: now. */
export function certificateChecked(
  hostname: string,
  found: readonly CertificateFiles[],
  used: CertificateFiles | undefined,
  at = Date.now(),
): Check {
  const what = `certificate of ${hostname}`
  if (used === undefined)
    return {
      what,
      state: 'missing',
      said:
        found.length === 0
          ? 'none was found: Cordon makes one of its own, which clients do not trust'
          : `none of those that were found names it and can be read: ${found.map(({ chain }) => chain).join(', ')}`,
      write: `certbot certonly --standalone -d ${hostname}`,
    }
  const certificate = new X509Certificate(wholeFileNow(used.chain).bytes)
  const warnings = certificateWarnings({ hostname, certificate: used, certificates: [] }, at)
  const until = certificate.validToDate.toISOString().slice(0, 10)
  const names = certificate.subjectAltName ?? certificate.subject
  if (warnings.length === 0)
    return { what, state: 'good', said: `${used.chain}: ${names}, until ${until}` }
  const isOver = certificate.validToDate.getTime() <= at
  return {
    what,
    state: 'missing',
    said: warnings.map(one => one.replace(/^warning: /, '')).join('; '),
    write: 'certbot renew',
    ...(isOver ? { must: true as const } : {}),
  }
}
