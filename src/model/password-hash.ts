// The forms in which a password may stand in a file: argon2id, in our own short form and in the form every other program writes (PHC),
// and SCRAM-SHA-256, as PostgreSQL and as Dovecot write it. Only the form: what it costs to check is in the drivers.

/** `argon2id$memory$passes$salt$tag`. */
export const ARGON2 = /^argon2id\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/
export const ARGON2_PHC =
  /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
export const SCRAM = /^SCRAM-SHA-256\$(\d{1,8}):([^$]+)\$([^:]+):(.+)$/
export const SCRAM_DOVECOT = /^\{SCRAM-SHA-256\}(\d{1,8}),([^,]+),([^,]+),(.+)$/i

/** Most of each: a file that another program wrote must not make a login cost more (memory in KiB). */
export const ARGON2_MOST = { memory: 1024 * 1024, passes: 20, lanes: 16 } as const
/** Bytes of tags as programs write them: a hash that was cut short has others. */
const TAGS = [16, 20, 24, 32, 48, 64]
const OWN_TAG = 32
const LEAST_SALT = 8
/** RFC 7677 §4: at least 4096; and no password file may make a login cost minutes. */
const ITERATIONS = { least: 4096, most: 10_000_000 } as const

/** False for a password in clear, for hashes of other kinds, and for one that no password can be right for: cut short, or of a cost that is not borne. */
export function isPasswordHash(text: string): boolean {
  const [own, phc] = [ARGON2.exec(text), ARGON2_PHC.exec(text)]
  if (own) {
    const [, memory, passes, salt = '', tag = ''] = own
    return isBorne([memory, passes, '1']) && isSalt(salt) && bytesIn(tag) === OWN_TAG
  }
  if (phc) {
    const [, memory, passes, lanes, salt = '', tag = ''] = phc
    return isBorne([memory, passes, lanes]) && isSalt(salt) && TAGS.includes(bytesIn(tag))
  }
  const [, iterations, salt = '', stored = '', server = ''] =
    SCRAM.exec(text) ?? SCRAM_DOVECOT.exec(text) ?? []
  const rounds = Number(iterations)
  return (
    rounds >= ITERATIONS.least &&
    rounds <= ITERATIONS.most &&
    isSalt(salt) &&
    bytesIn(stored) === 32 &&
    bytesIn(server) === 32
  )
}

/** Argon2 itself wants 8 KiB for each lane (RFC 9106 §3.1). */
function isBorne(cost: readonly (string | undefined)[]): boolean {
  const [memory = 0, passes = 0, lanes = 0] = cost.map(Number)
  return (
    passes >= 1 &&
    lanes >= 1 &&
    memory >= 8 * lanes &&
    memory <= ARGON2_MOST.memory &&
    passes <= ARGON2_MOST.passes &&
    lanes <= ARGON2_MOST.lanes
  )
}

const isSalt = (base64: string): boolean => bytesIn(base64) >= LEAST_SALT

/** NaN for what is no whole base64, with or without its padding. */
function bytesIn(base64: string): number {
  const bare = base64.replace(/={1,2}$/, '')
  const isWhole = /^[A-Za-z0-9+/]*$/.test(bare) && bare.length % 4 !== 1
  const isPadded = bare === base64 || base64.length % 4 === 0
  return isWhole && isPadded ? Math.floor((bare.length * 3) / 4) : Number.NaN
}
