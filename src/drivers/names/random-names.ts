// Names nobody can guess and nobody else uses.

import { randomFillSync } from 'node:crypto'
import type { Names } from '../../ports/names.ts'

// Crockford's base 32: no I, L, O, U, so that a case code survives a telephone line.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function randomNames(): Names {
  return {
    message: () => letters(14),
    record: () => letters(12).toLowerCase(),
    caseCode: () => `${letters(2)}-${letters(4)}`,
  }
}

/** Random bytes are drawn a page at a time: one call to the kernel serves hundreds of names. */
const pool = Buffer.alloc(4096)
let used = pool.length

function letters(count: number): string {
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  for (let i = 0; i < count; i++) text += ALPHABET[(pool[used++] as number) & 31]
  return text
}
