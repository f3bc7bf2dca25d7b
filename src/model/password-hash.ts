// The forms in which a password may stand in a file: argon2id, in our own short form and in the form every other program writes (PHC),
// and SCRAM-SHA-256, as PostgreSQL and as Dovecot write it. Only the form: what it costs to check is in the drivers.

/** `argon2id$memory$passes$salt$tag`. */
export const ARGON2 = /^argon2id\$(\d+)\$(\d+)\$([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+)$/
export const ARGON2_PHC =
  /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
export const SCRAM = /^SCRAM-SHA-256\$(\d{1,8}):([^$]+)\$([^:]+):(.+)$/
export const SCRAM_DOVECOT = /^\{SCRAM-SHA-256\}(\d{1,8}),([^,]+),([^,]+),(.+)$/i

/** False for a password in clear, and for hashes of other kinds. */
export function isPasswordHash(text: string): boolean {
  return [ARGON2, ARGON2_PHC, SCRAM, SCRAM_DOVECOT].some(form => form.test(text))
}
