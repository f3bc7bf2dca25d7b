// DKIM keys (RFC 6376). No query lists the selectors of a domain: usual ones are tried, and those that the operator names.

import { createPublicKey } from 'node:crypto'
import {
  type AuditCheck,
  good,
  type Judged,
  note,
  unknown,
  worstOf,
  wrong,
} from '../audit-check.ts'

/** Bits: RFC 8301 §3.2, at least, and for those who sign today. */
const LEAST = 1024
const SHOULD = 2048

export const dkim: AuditCheck = {
  name: 'dkim',
  column: 'DKIM',
  judge: ({ dkim: seen, domain }) => {
    if ('unknown' in seen) return unknown(seen.unknown)
    const { keys, missing, hasAny } = seen.value
    const named = missing.map(selector =>
      wrong(
        `${selector}._domainkey.${domain} has no key`,
        'publish the key that mail is signed with, or name another selector',
      ),
    )
    if (keys.length > 0 || named.length > 0)
      return worstOf([...named, ...keys.map(({ selector, record }) => judged(selector, record))])
    if ('unknown' in hasAny) return unknown(hasAny.unknown)
    return hasAny.value
      ? {
          state: 'not-asked',
          said: 'there are keys, and the DNS does not list their selectors',
          mend: `--selector NAME: the s= in the DKIM-Signature of a mail from ${domain}`,
        }
      : wrong(
          `nothing is below _domainkey.${domain}: mail is not signed`,
          'sign mail with DKIM, and publish the key: `cordon dkim show` prints that of Cordon',
        )
  },
}

function judged(selector: string, record: string): Judged {
  const tags = new Map(
    record.split(';').map(tag => {
      const at = tag.indexOf('=')
      return [tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).replaceAll(/\s/g, '')]
    }),
  )
  const key = tags.get('p')
  if (!key) return wrong(`the key of ${selector} is revoked, or empty`, RENEW)
  if ((tags.get('k') ?? 'rsa') === 'ed25519') return good(`${selector}: Ed25519`)
  const bits = bitsOf(key)
  if (bits === undefined) return wrong(`the key of ${selector} cannot be read`, RENEW)
  if (bits < LEAST) return wrong(`the key of ${selector} has ${bits} bits`, RENEW)
  if (bits < SHOULD) return note(`the key of ${selector} has ${bits} bits`, RENEW)
  if ((tags.get('t') ?? '').split(':').includes('y'))
    return note(`the key of ${selector} says that it is a test (t=y)`, 'take t=y out of the record')
  return good(`${selector}: RSA, ${bits} bits`)
}

function bitsOf(key: string): number | undefined {
  const der = { key: Buffer.from(key, 'base64'), format: 'der' } as const
  // RFC 6376 has RSAPublicKey; nearly all publish SubjectPublicKeyInfo.
  for (const type of ['spki', 'pkcs1'] as const)
    try {
      return createPublicKey({ ...der, type }).asymmetricKeyDetails?.modulusLength
    } catch {
      // Then it is in the other form, or none.
    }
  return undefined
}

const RENEW =
  'make a new key of 2048 bits under another selector, publish it, and then sign with it'
