// Names nobody can guess and nobody else uses.

import { randomBytes } from 'node:crypto'
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

function letters(count: number): string {
  return Array.from(randomBytes(count), byte => ALPHABET[byte & 31]).join('')
}
