// DKIM keys (RFC 6376). No query lists the selectors of a domain: usual ones are tried, and those that the operator names.

import { createPublicKey } from 'node:crypto'
import { dkimKind, dkimSlip, dkimTags } from '../../../mail/dkim-key-tags.ts'
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
  const tags = dkimTags(record)
  const slip = dkimSlip(tags)
  if (slip !== undefined)
    return wrong(
      `no receiver uses the key of ${selector}: ${slip}`,
      'publish what `cordon dkim show` prints, or your signer',
    )
  const key = tags.get('p')
  if (!key) return wrong(`the key of ${selector} is revoked, or empty`, RENEW)
  const test = (tags.get('t') ?? '').split(':').includes('y')
  if (test)
    return note(`the key of ${selector} says that it is a test (t=y)`, 'take t=y out of the record')
  if (dkimKind(tags) === 'ed25519')
    return isEd25519(key)
      ? good(`${selector}: Ed25519`)
      : wrong(`the key of ${selector} cannot be read`, RENEW)
  const bits = bitsOf(key)
  if (bits === undefined) return wrong(`the key of ${selector} cannot be read`, RENEW)
  if (bits < LEAST) return wrong(`the key of ${selector} has ${bits} bits`, RENEW)
  if (bits < SHOULD) return note(`the key of ${selector} has ${bits} bits`, RENEW)
  return good(`${selector}: RSA, ${bits} bits`)
}

/** RFC 8463 §3: 32 bytes, in base64. */
const isEd25519 = (key: string): boolean => /^[A-Za-z0-9+/]{43}=$/.test(key)

function bitsOf(key: string): number | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return undefined
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
