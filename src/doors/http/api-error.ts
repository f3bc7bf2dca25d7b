// What the API says when something cannot be done: always `{ error: { code, message, field? } }`, the message a sentence for people.

import type { Context } from 'hono'
import type { Problem } from '../../orders/problem.ts'

/** Code -> HTTP status. */
const CODES = {
  /** A field has a value that is not allowed. */
  invalid: 400,
  'not-json': 400,
  'not-found': 404,
  /** The request was understood, and not done. */
  refused: 409,
  'too-large': 413,
  'content-type': 415,
  trouble: 500,
  /** A store failed; the client may try again. */
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof CODES
export const ERROR_CODES = Object.keys(CODES) as ErrorCode[]

export const apiError = (context: Context, code: ErrorCode, problem: Problem) =>
  context.json({ error: { code, ...problem } }, CODES[code])
