// The file of a server's configuration: read, and looked at with everything it names, as it is needed to start or to reload. What is
// read again while Cordon runs (passwords, customers, contacts) may be missing for a while, and is not asked for here.

import { X509Certificate } from 'node:crypto'
import { accessSync, constants, readFileSync } from 'node:fs'
import type { Complaint, Path } from '../config/complaint.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { wayIn } from '../config/way-in.ts'
import { certificateFiles } from './certificates.ts'
import { fileProblem } from './sentence-of.ts'

/** Reads a configuration that a server is to run with. Throws ConfigError with everything that is wrong. */
export function readConfiguration(file: string): Config {
  return loadConfig(file, [wayIn, certificateFiles, authorityFiles, geoFiles])
}

/** Certificates that are believed instead of the usual authorities. */
function* authorityFiles(config: Config): Iterable<Complaint> {
  const { routes, mailboxStore, passwords, subscriberFeed } = config
  const named: readonly (readonly [Path, string | undefined])[] = [
    ...Object.entries(routes).map(
      ([domain, hop]) => [['routes', domain, 'certificate'], hop.certificate] as const,
    ),
    [['mailboxStore', 'certificate'], mailboxStore?.certificate],
    [['passwords', 'ldap', 'certificate'], passwords.ldap?.certificate],
    [['subscriberFeed', 'ldap', 'certificate'], subscriberFeed?.ldap?.certificate],
  ]
  for (const [path, file] of named)
    if (file !== undefined)
      yield* complaintAbout(path, file, () => new X509Certificate(readFileSync(file)))
}

function* geoFiles({ geo }: Config): Iterable<Complaint> {
  for (const key of ['country', 'asn'] as const) {
    const file = geo[key]
    if (file !== undefined)
      yield* complaintAbout(['geo', key], file, () => accessSync(file, constants.R_OK))
  }
}

function* complaintAbout(path: Path, file: string, use: () => unknown): Iterable<Complaint> {
  try {
    use()
  } catch (error) {
    const inTheWorld = 'syscall' in (error as object)
    yield {
      path,
      problem: inTheWorld ? fileProblem(error, file) : `${file} is no certificate in PEM`,
      advice: inTheWorld
        ? 'Check the path and who may read it.'
        : 'Write the file that begins with -----BEGIN CERTIFICATE-----.',
    }
  }
}
