// SCRAM verifiers (RFC 5802) beside argon2id hashes: made from a password, and asked whether they belong to one.

import { createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { formatVerifier, type ScramVerifier, verifierFrom } from '../../mail/sasl/scram.ts'
import { typedPassword } from './typed-password.ts'

/** OWASP's figure for PBKDF2-HMAC-SHA256. It is the mail program that has to compute it. */
export const ITERATIONS = 600_000

const derive = promisify(pbkdf2)

/** `SCRAM-SHA-256$iterations:salt$stored:server`. */
export async function makeVerifier(password: string, iterations = ITERATIONS): Promise<string> {
  const salt = randomBytes(16)
  return formatVerifier(await fromPassword(password, { salt, iterations }))
}

/** Whether a verifier belongs to this password: for clients that say it (PLAIN). */
export async function belongs(verifier: ScramVerifier, password: string): Promise<boolean> {
  const { storedKey } = await fromPassword(password, verifier)
  return timingSafeEqual(storedKey, verifier.storedKey)
}

/** What a client is told of a name we do not know: the same each time it asks, and different for every name. */
export const madeUpSalt = (secret: string, name: string): string =>
  createHmac('sha256', secret).update(`scram ${name}`).digest().subarray(0, 16).toString('base64')

async function fromPassword(
  password: string,
  { salt, iterations }: Pick<ScramVerifier, 'salt' | 'iterations'>,
): Promise<ScramVerifier> {
  // RFC 5802 §2.2 prepares passwords with SASLprep; of it this is what people can type.
  const salted = await derive(typedPassword(password, 'NFKC'), salt, iterations, 32, 'sha256')
  return verifierFrom(salted, { salt, iterations })
}
