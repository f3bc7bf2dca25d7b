// The file of a server's configuration: read, and looked at with everything it names, as it is needed to start or to reload. What is
// read again while Cordon runs (passwords, customers, contacts) may be missing for a while, and is not asked for here.

import { X509Certificate } from 'node:crypto'
import { closeSync, existsSync, fstatSync, readSync } from 'node:fs'
import type { Complaint, Path } from '../config/complaint.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { wayIn } from '../config/way-in.ts'
import { logoFrom } from '../drivers/identity/logo-file.ts'
import { wordsOf } from '../model/errors.ts'
import { openRegular, wholeFileNow } from '../wire/whole-file.ts'
import { certificateFiles } from './certificates.ts'
import { fingerprinted, noteFingerprint, textMark } from './fingerprint.ts'
import { problemOfFile } from './regular-file.ts'

/** Reads a configuration that a server is to run with. Throws ConfigError with everything that is wrong. */
export function readConfiguration(file: string): Config {
  const text = textMark(file)
  const config = loadConfig(file, [
    wayIn,
    certificateFiles,
    authorityFiles,
    geoFiles,
    logoFiles,
    laterFiles,
  ])
  noteFingerprint(config, fingerprinted(config, { file, text }))
  return config
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
      yield* complaintAbout(path, file, {
        use: () => new X509Certificate(wholeFileNow(file).bytes),
        problem: 'is no certificate in PEM',
        advice: 'Write the file that begins with -----BEGIN CERTIFICATE-----.',
      })
}

function* geoFiles({ geo }: Config): Iterable<Complaint> {
  for (const key of ['country', 'asn'] as const) {
    const file = geo[key]
    if (file !== undefined)
      yield* complaintAbout(['geo', key], file, {
        use: () => lookForMetadata(file),
        problem: 'is no MMDB file, or is damaged',
        advice: 'Write the file as its publisher gives it, unpacked.',
      })
  }
}

function* logoFiles({ http }: Config): Iterable<Complaint> {
  const { logo } = http.look
  if (logo !== undefined)
    yield* complaintAbout(['http', 'look', 'logo'], logo, {
      use: () => logoFrom(logo),
      problem: undefined,
      advice:
        'Write the file of a small picture, PNG or SVG of at most 12 KiB; it is sent with each page.',
    })
}

/** MaxMind DB 2.0: the metadata stands behind this, in the last 128 KiB; a file that was cut off has none. The rest is read at a start. */
const METADATA = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')
const METADATA_WITHIN = 128 * 1024

/** Throws when it is none. */
function lookForMetadata(path: string): void {
  const file = openRegular(path)
  try {
    const { size } = fstatSync(file)
    const end = Buffer.alloc(Math.min(size, METADATA_WITHIN))
    readSync(file, end, 0, end.length, size - end.length)
    if (!end.includes(METADATA)) throw new Error('there is no metadata')
  } finally {
    closeSync(file)
  }
}

/** These are read again and again, and may come later; what is there must be a file. */
function* laterFiles({
  passwords,
  radius,
  kea,
  flows,
  subscriberFeed,
}: Config): Iterable<Complaint> {
  const named: readonly (readonly [Path, string | undefined])[] = [
    [['passwords', 'file'], passwords.file],
    [['radius', 'customers'], radius?.customers],
    [['kea', 'customers'], kea?.customers],
    [['subscriberFeed', 'csv'], subscriberFeed?.csv],
    ...(kea?.files ?? []).map((file, i) => [['kea', 'files', i], file] as const),
    ...(flows?.contacts ?? []).map((file, i) => [['flows', 'contacts', i], file] as const),
  ]
  for (const [path, file] of named)
    if (file !== undefined && existsSync(file)) {
      const wrong = problemOfFile(file)
      if (wrong) yield { path, ...wrong }
    }
}

type Use = {
  readonly use: () => unknown
  /** Of the file; undefined: what `use` throws says it. */
  readonly problem: string | undefined
  readonly advice: string
}

function* complaintAbout(
  path: Path,
  file: string,
  { use, problem, advice }: Use,
): Iterable<Complaint> {
  const wrong = problemOfFile(file)
  if (wrong) {
    yield { path, ...wrong }
    return
  }
  try {
    use()
  } catch (error) {
    yield { path, problem: problem === undefined ? wordsOf(error) : `${file} ${problem}`, advice }
  }
}
