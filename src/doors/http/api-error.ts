// What the API says when something cannot be done: always `{ error: { code, message, field? } }`, the message a sentence for people.

import type { Context } from 'hono'
import type { Problem } from '../../orders/problem.ts'

/** Code -> HTTP status. */
const CODES = {
  /** A field is not as it can be. */
  invalid: 400,
  'not-json': 400,
  'not-found': 404,
  /** Understood, and not done. */
  refused: 409,
  'too-large': 413,
  'content-type': 415,
  trouble: 500,
  /** A store does not do as asked; try again. */
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof CODES
export const ERROR_CODES = Object.keys(CODES) as ErrorCode[]

export const apiError = (context: Context, code: ErrorCode, problem: Problem) =>
  context.json({ error: { code, ...problem } }, CODES[code])
