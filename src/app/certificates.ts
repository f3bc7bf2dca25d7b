// The certificates that the doors show: those of the configuration, or the one Cordon made for itself.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type Complaint, type Path, placeInWords } from '../config/complaint.ts'
import { ConfigError } from '../model/errors.ts'
import { type Pem, tlsIdentity } from '../wire/tls-identity.ts'
import { wholeFileNow } from '../wire/whole-file.ts'
import { problemOfFile } from './regular-file.ts'
import type { Chosen, Keys } from './settings.ts'

export const TLS = { certificate: 'live', certificates: 'live' } as const satisfies Keys
type CertificateConfig = Chosen<typeof TLS>
type Files = { readonly key: string; readonly chain: string }

/** The first is shown to clients that name no host. Throws ConfigError when a file cannot be read or a pair cannot be used. */
export function certificatesOf(config: CertificateConfig, ownCertificate: Pem): readonly Pem[] {
  const complaints = [...certificateFiles(config)]
  if (complaints.length > 0)
    throw ConfigError.of(
      complaints.map(({ path, ...rest }) => ({ where: placeInWords(path), ...rest })),
    )
  return [
    config.certificate ? read(config.certificate) : ownCertificate,
    ...config.certificates.map(read),
  ]
}

const read = ({ key, chain }: Files): Pem => ({
  key: textOf(key),
  chain: textOf(chain),
})

const textOf = (file: string): string => wholeFileNow(file).bytes.toString('utf8')

/** What is wrong with the files; for `cordon config check` as well, before anything is opened. */
export function* certificateFiles({
  certificate,
  certificates,
}: CertificateConfig): Iterable<Complaint> {
  if (certificate) yield* wrongWith(certificate, ['certificate'])
  for (const [i, files] of certificates.entries()) yield* wrongWith(files, ['certificates', i])
}

function* wrongWith(files: Files, path: Path): Iterable<Complaint> {
  const texts: Partial<Record<keyof Files, string>> = {}
  for (const which of ['key', 'chain'] as const) {
    const wrong = problemOfFile(files[which])
    if (wrong) yield { path: [...path, which], ...wrong }
    else texts[which] = textOf(files[which])
  }
  const { key, chain } = texts
  if (key === undefined || chain === undefined) return
  const keyProblem = wrongWithKey(key)
  if (keyProblem)
    yield { path: [...path, 'key'], problem: `${files.key} ${keyProblem}`, advice: KEY_ADVICE }
  const certificate = firstOf(chain)
  if (!certificate)
    yield {
      path: [...path, 'chain'],
      problem: `${files.chain} is no certificate in PEM`,
      advice: 'Write the file that begins with -----BEGIN CERTIFICATE-----, the chain below it.',
    }
  if (keyProblem === undefined && certificate) yield* wrongTogether({ key, chain }, files, path)
}

const KEY_ADVICE = 'Write the PEM file of a private key without a passphrase.'

function wrongWithKey(key: string): string | undefined {
  try {
    createPrivateKey(key)
    return undefined
  } catch {
    return /ENCRYPTED/.test(key) ? 'is encrypted with a passphrase' : 'is no private key in PEM'
  }
}

function firstOf(chain: string): X509Certificate | undefined {
  try {
    return new X509Certificate(chain)
  } catch {
    return undefined
  }
}

function* wrongTogether(pem: Pem, files: Files, path: Path): Iterable<Complaint> {
  try {
    if (!new X509Certificate(pem.chain).checkPrivateKey(createPrivateKey(pem.key)))
      throw new Error('the key is that of another certificate')
    tlsIdentity([pem])
  } catch (error) {
    yield {
      path,
      problem: `${files.key} and ${files.chain} cannot be used together (${inWords(error as Error)})`,
      advice:
        'Write the PEM files of a key without a passphrase and of its own certificate, the chain below it.',
    }
  }
}

/** What OpenSSL says of a pair, for an operator. */
export function inWords({ message }: Error): string {
  if (/key too small/.test(message))
    return 'the key is too short: make one with 2048 bits of RSA, or of P-256'
  if (/md too weak/.test(message))
    return 'the certificate is signed with a digest that is too weak: let it be issued anew'
  return /PEM routines|asn1 encoding|PEM lib/.test(message)
    ? 'a certificate below the first is damaged'
    : message
}
