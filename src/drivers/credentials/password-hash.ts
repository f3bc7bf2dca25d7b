// Hashes of passwords: argon2id (RFC 9106), in our own short form and in the form every other program writes (PHC).

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseVerifier } from '../../mail/sasl/scram.ts'
import { ARGON2, ARGON2_MOST, ARGON2_PHC } from '../../model/password-hash.ts'
import { belongs } from './scram-hash.ts'
import { typedPassword } from './typed-password.ts'

export type HashCost = { readonly memory: number; readonly passes: number }
/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. */
export const PROPER_COST: HashCost = { memory: 19 * 1024, passes: 2 }

type Parsed = HashCost & { readonly lanes: number; readonly salt: Buffer; readonly tag: Buffer }

const UNKNOWN_USER = { salt: Buffer.alloc(16), lanes: 1, tag: Buffer.alloc(32), ...PROPER_COST }

/** `argon2id$memory$passes$salt$tag`. */
export async function hashPassword(password: string, cost: HashCost): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(typedPassword(password, 'NFC'), {
    ...cost,
    lanes: 1,
    salt,
    tag: Buffer.alloc(32),
  })
  const [nonce, hash] = [salt.toString('base64'), tag.toString('base64')]
  return ['argon2id', cost.memory, cost.passes, nonce, hash].join('$')
}

/** A hash of either kind. Without one it takes as long and is false: an unknown name is not told from a wrong password. */
export async function matches(hash: string | undefined, password: string): Promise<boolean> {
  const verifier = hash === undefined ? undefined : parseVerifier(hash)
  if (verifier) return belongs(verifier, password)
  const parsed = hash === undefined ? UNKNOWN_USER : parseHash(hash)
  if (!parsed) return false
  let right = false
  for (const spelling of spellingsOf(password)) {
    const got = await derive(spelling, parsed)
    right ||= hash !== undefined && timingSafeEqual(got, parsed.tag)
  }
  return right
}

/**
 * A password is what was typed, and keyboards write `é` as one letter or as two (SASLprep, RFC 4013 §2.2, RFC 8265 §4.2). Hashes are
 * made of NFC; those of others may be of the other. For all but ASCII it takes twice as long, for every client.
 */
const spellingsOf = (password: string): ReadonlySet<string> =>
  new Set([typedPassword(password, 'NFC'), typedPassword(password, 'NFD')])

/** Undefined when it is no argon2id hash, or one that would cost too much. */
export function parseHash(text: string): Parsed | undefined {
  const ours = ARGON2.exec(text)
  const phc = ARGON2_PHC.exec(text)
  const [, memory, passes, lanes, salt = '', tag = ''] = ours
    ? [ours[0], ours[1], ours[2], '1', ours[3], ours[4]]
    : (phc ?? [])
  const parsed = {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
  const bearable =
    parsed.memory <= ARGON2_MOST.memory &&
    parsed.passes <= ARGON2_MOST.passes &&
    parsed.lanes <= ARGON2_MOST.lanes
  return bearable && parsed.salt.length >= 8 && parsed.tag.length >= 16 ? parsed : undefined
}

function derive(password: string, { salt, tag, ...cost }: Parsed): Promise<Buffer> {
  const parameters = {
    message: password,
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: tag.length,
    memory: cost.memory,
    passes: cost.passes,
  }
  return new Promise((resolve, reject) =>
    argon2('argon2id', parameters, (error, derived) =>
      error ? reject(error) : resolve(Buffer.from(derived)),
    ),
  )
}
