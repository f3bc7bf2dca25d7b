// SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side: the password is proved and never seen. Pure; what is kept
// from one message to the next is with the caller. Channel binding (-PLUS) is not offered, so that a client that
// asks for it is refused.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { SCRAM, SCRAM_DOVECOT } from '../../model/password-hash.ts'
import { decodeBase64 } from './plain.ts'

/** What a server keeps instead of a password. */
export type ScramVerifier = {
  readonly iterations: number
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** What the client said first, and what of it is needed again. */
export type ClientFirst = {
  readonly name: string
  readonly nonce: string
  /** The part before the message itself; comes back in the client's second message. */
  readonly gs2: string
  readonly bare: string
}

const PRINTABLE = /^[\x21-\x2b\x2d-\x7e]{1,256}$/

/** Undefined when it is no such message, asks for channel binding, or asks to act as another user. */
export function parseClientFirst(base64: string): ClientFirst | undefined {
  const match = /^([ny],(?:a=([^,]+))?,)(n=([^,]+),r=([^,]+)(?:,.*)?)$/su.exec(
    decodeBase64(base64) ?? '',
  )
  if (!match) return undefined
  const [, gs2 = '', authzid, bare = '', written = '', nonce = ''] = match
  const name = saslName(written)
  if (name === undefined || !PRINTABLE.test(nonce)) return undefined
  if (authzid !== undefined && saslName(authzid) !== name) return undefined
  return { name, nonce, gs2, bare }
}

export function serverFirst(
  first: ClientFirst,
  ours: { readonly nonce: string; readonly salt: string; readonly iterations: number },
): string {
  return `r=${first.nonce}${ours.nonce},s=${ours.salt},i=${ours.iterations}`
}

/** Undefined when it does not belong to what was said before. `message` is what the proof is about. */
export function parseClientFinal(
  base64: string,
  { first, second }: { readonly first: ClientFirst; readonly second: string },
): { readonly proof: string; readonly message: string } | undefined {
  const match = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/su.exec(
    decodeBase64(base64) ?? '',
  )
  if (!match) return undefined
  const [, withoutProof = '', binding = '', nonce = '', proof = ''] = match
  if (decodeBase64(binding) !== first.gs2 || !second.startsWith(`r=${nonce},`)) return undefined
  return { proof, message: `${first.bare},${second},${withoutProof}` }
}

/** The server's signature, base64, when the proof is right. Takes the same time when it is not. */
export function checkProof(
  verifier: ScramVerifier,
  { proof, message }: { readonly proof: string; readonly message: string },
): string | undefined {
  const given = Buffer.from(proof, 'base64')
  const signature = hmac(verifier.storedKey, message)
  if (given.length !== signature.length) return undefined
  const clientKey = given.map((byte, i) => byte ^ (signature[i] as number))
  return timingSafeEqual(sha256(clientKey), verifier.storedKey)
    ? hmac(verifier.serverKey, message).toString('base64')
    : undefined
}

/** From `PBKDF2-HMAC-SHA-256(password, salt, iterations)`, 32 bytes. */
export function verifierFrom(
  salted: Uint8Array,
  how: Pick<ScramVerifier, 'iterations' | 'salt'>,
): ScramVerifier {
  return {
    ...how,
    storedKey: sha256(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  }
}

/** `SCRAM-SHA-256$iterations:salt$stored:server`, as PostgreSQL writes it, or Dovecot's `{SCRAM-SHA-256}` with commas. */
export function parseVerifier(text: string): ScramVerifier | undefined {
  const match = SCRAM.exec(text) ?? SCRAM_DOVECOT.exec(text)
  if (!match) return undefined
  const [salt, storedKey, serverKey] = match.slice(2).map(part => Buffer.from(part, 'base64'))
  const iterations = Number(match[1])
  // RFC 7677 §4: at least 4096; and no password file may make a login cost minutes.
  if (iterations < 4096 || iterations > 10_000_000 || !salt || salt.length < 8) return undefined
  return storedKey?.length === 32 && serverKey?.length === 32
    ? { iterations, salt, storedKey, serverKey }
    : undefined
}

export function formatVerifier({ iterations, salt, storedKey, serverKey }: ScramVerifier): string {
  const [s, stored, server] = [salt, storedKey, serverKey].map(part => part.toString('base64'))
  return `SCRAM-SHA-256$${iterations}:${s}$${stored}:${server}`
}

/** RFC 5802 §5.1: a comma and an equals sign are written out, and nothing else may stand behind one. */
function saslName(written: string): string | undefined {
  if (/=(?!2C|3D)/.test(written)) return undefined
  return written.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const hmac = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest()
