// Answers about keys (RFC 6376 §3.6.2), before mailauth reads them: the sender chose them, and mailauth looks at each signature on this
// thread, in one piece. An RSA key takes no more than so much work, and between the signatures of two keys others have their turn.

import { createPublicKey } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AskDns } from '../lookups/node-resolver.ts'
import { tagOf } from './signature-tags.ts'

/** RFC 8301 §3.2: a verifier takes keys up to 4,096 bits; 65537 and small ones are the exponents in use. A larger one takes ten times as long. */
const MAX = { modulus: 4096, exponent: 2n ** 32n } as const
/** (bytes) Of a SubjectPublicKeyInfo with such numbers, and of more that has a chance to be one. */
const MAX_KEY = 1024

/** As it asks; rejects as mailauth does when a key cannot be used, where a key takes too long. */
export function boundedKeys(ask: AskDns): AskDns {
  return async (name, type) => {
    const answers = await ask(name, type)
    if (type !== 'TXT' || !name.toLowerCase().includes('._domainkey.')) return answers
    await nextTurn()
    // Of several mailauth reads the first one.
    const record = [answers[0] ?? ''].flat().join('')
    if (isBounded(record)) return answers
    throw Object.assign(new Error('this key is too large'), { code: 'EINVALIDVAL' })
  }
}

/** What is no RSA key is not measured: mailauth takes Ed25519 beside it, whose keys have one size. */
function isBounded(record: string): boolean {
  const key = Buffer.from(tagOf(`:${record}`, 'p').replaceAll(/\s+/g, ''), 'base64')
  if (key.length > MAX_KEY) return false
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const { asymmetricKeyDetails = {} } = createPublicKey({ key, format: 'der', type })
      const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails
      return modulusLength <= MAX.modulus && publicExponent < MAX.exponent
    } catch {
      // Another form, or none: mailauth says so.
    }
  }
  return true
}
