// A domain with a DKIM key, as somebody else's software signs with it and a DNS publishes it.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './serve.ts'

const CHECK = join(import.meta.dirname, 'arc-check.py')

/** What stands in the DNS for a key. */
export function keyRecord(privateKey: string): string {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return `v=DKIM1; k=rsa; p=${der.toString('base64')}`
}

/** A line for a zone; a text may be longer than a string there. */
export const inZone = (name: string, text: string): string =>
  `${name}. TXT ${text
    .match(/.{1,250}/g)
    ?.map(part => `"${part}"`)
    .join(' ')}`

export type DomainKey = {
  /** Its record, at `mail._domainkey.DOMAIN`. */
  readonly record: string
  /** The private key, as PEM. */
  readonly pem: string
  /** The message with a signature in front, made by dkimpy. */
  sign(message: string): Promise<string>
  /** With an ARC set in front, of what its Authentication-Results of this domain say. */
  seal(message: string): Promise<string>
}

/** `folder`: where the key is written, as dkimpy reads it. */
export function domainKey(domain: string, folder: string): DomainKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const file = join(folder, `${domain}.pem`)
  writeFileSync(file, createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }))
  const made = async (what: string, message: string) => {
    const done = await run('/usr/bin/python3', [CHECK, what, domain, file], message)
    if (done.code !== 0) throw new Error(done.output)
    return done.output
  }
  return {
    record: keyRecord(pem),
    pem,
    sign: message => made('sign', message),
    seal: message => made('seal', message),
  }
}
