// Names that cannot be guessed and that no other program uses.

import { randomFillSync } from 'node:crypto'
import type { Names } from '../../ports/names.ts'

// Crockford's base 32: no I, L, O, U, so that a case code survives a telephone line.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function randomNames(): Names {
  return {
    // Queue ids begin with the time, so that new rows stand together in the queue's indexes: with random ones
    // every message would rewrite a page of its own.
    message: () => `${timeLetters()}${randomLetters(7)}`,
    record: () => randomLetters(12).toLowerCase(),
    caseCode: () => `${randomLetters(2)}-${randomLetters(4)}`,
  }
}

/** Milliseconds since 1970 in nine letters: enough until the year 3084. */
function timeLetters(): string {
  let rest = Date.now()
  let text = ''
  for (let i = 0; i < 9; i++) {
    text = `${ALPHABET[rest % 32]}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

/** Random bytes are drawn a page at a time: one call to the kernel serves hundreds of names. */
const pool = Buffer.alloc(4096)
let used = pool.length

/** So many letters of five random bits each. */
export function randomLetters(count: number): string {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  for (let i = 0; i < count; i++) text += ALPHABET[(pool[used++] as number) & 31]
  return text
}
