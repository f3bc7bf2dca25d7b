// The certificates that the doors show: those of the configuration, or the one Cordon made for itself.

import { readFileSync } from 'node:fs'
import { ConfigError } from '../model/errors.ts'
import { type Pem, tlsIdentity } from '../wire/tls-identity.ts'
import { sentenceOf } from './sentence-of.ts'
import type { Chosen, Keys } from './settings.ts'

export const TLS = { certificate: 'live', certificates: 'live' } as const satisfies Keys

type Files = { readonly key: string; readonly chain: string }

/** The first is shown to clients that name no host. Throws ConfigError when a file cannot be read or a pair cannot be used. */
export function certificatesOf(
  { certificate, certificates }: Chosen<typeof TLS>,
  ownCertificate: Pem,
): readonly Pem[] {
  return [
    certificate ? pemOf(certificate, 'certificate') : ownCertificate,
    ...certificates.map((files, i) => pemOf(files, `certificates.${i}`)),
  ]
}

function pemOf(files: Files, where: string): Pem {
  const pem = { key: read(files.key, `${where}.key`), chain: read(files.chain, `${where}.chain`) }
  try {
    tlsIdentity([pem])
  } catch (error) {
    throw new ConfigError(
      where,
      `${files.key} and ${files.chain} cannot be used together (${(error as Error).message})`,
      'Write the PEM files of a key without a passphrase and of its own certificate, the chain below it.',
    )
  }
  return pem
}

function read(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(
      where,
      sentenceOf(error).replace(/\.$/, ''),
      'Check the path and who may read it.',
    )
  }
}
