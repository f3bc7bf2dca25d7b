// The keys Cordon makes for itself at the first start, so that it starts with no configuration: a self-signed
// certificate, a DKIM key, and the secret under which correspondents are hashed. Kept in the data folder, mode 0600.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'

export type OwnKeys = {
  readonly certificate: { readonly key: string; readonly chain: string }
  readonly dkimKey: string
  readonly secret: string
}

export async function ownKeys(folder: string, hostname: string): Promise<OwnKeys> {
  const keys = join(folder, 'keys')
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  const secret = kept(join(keys, 'correspondents.secret'), () => randomBytes(32).toString('base64'))
  const dkimKey = kept(join(keys, 'dkim.pem'), () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  )
  const keyFile = join(keys, 'tls-key.pem')
  const chainFile = join(keys, 'tls-certificate.pem')
  if (!existsSync(keyFile) || !existsSync(chainFile)) {
    const made = await selfSigned(hostname)
    writeFileSync(chainFile, made.chain, { mode: 0o600 })
    writeFileSync(keyFile, made.key, { mode: 0o600 })
  }
  return {
    certificate: { key: readFileSync(keyFile, 'utf8'), chain: readFileSync(chainFile, 'utf8') },
    dkimKey,
    secret,
  }
}

function kept(path: string, make: () => string): string {
  if (!existsSync(path)) writeFileSync(path, make(), { mode: 0o600 })
  return readFileSync(path, 'utf8')
}

async function selfSigned(hostname: string): Promise<{ key: string; chain: string }> {
  const made = await generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 825 * 86_400_000),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: hostname },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { key: made.private, chain: made.cert }
}
