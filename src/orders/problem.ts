// What is wrong with what a client said, as one sentence that names the field and what is possible.

import type { z } from 'zod'

/** Header of a request (ms since 1970): what has not been begun by then is not done, because the client waits no longer. */
export const NOT_AFTER = 'cordon-not-after'

export type Problem = {
  /** `hours`, or `leases[3].prefix`; absent when it is about the whole. */
  readonly field?: string
  readonly message: string
}

/** The first thing that is wrong: people mend one after the other. `known` are the fields there are; `given` is what was looked at. */
export function problemOf(error: z.ZodError, known: readonly string[], given: unknown): Problem {
  const issue = error.issues[0] as z.core.$ZodIssue
  if (issue.code === 'unrecognized_keys') {
    const field = pathOf([...issue.path, issue.keys[0] ?? ''])
    const there = issue.path.length > 0 ? '' : ` There ${listed(known)}.`
    return { field: field.slice(0, 100), message: `There is no such field.${there}` }
  }
  if (issue.path.length === 0)
    return { message: `Write an object with fields. There ${listed(known)}.` }
  const missing = isMissing(given, issue.path) ? 'It is missing. ' : ''
  return { field: pathOf(issue.path), message: missing + sentence(issue.message) }
}

/** What stands there and is wrong is another mistake than what was forgotten. */
function isMissing(given: unknown, path: readonly PropertyKey[]): boolean {
  const last = path.at(-1)
  const around = path
    .slice(0, -1)
    .reduce<unknown>(
      (at, key) => (Object.hasOwn(Object(at), key) ? Object(at)[key] : undefined),
      given,
    )
  return (
    typeof around === 'object' &&
    around !== null &&
    last !== undefined &&
    !Object.hasOwn(around, last)
  )
}

/** For where there is one line to say it in. */
export const inWords = ({ field, message }: Problem): string =>
  field === undefined ? message : `${field}: ${message}`

const listed = (known: readonly string[]): string =>
  known.length === 0 ? 'are none' : `are: ${known.join(', ')}`

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`
    return before === '' ? String(part) : `${before}.${String(part)}`
  }, '')

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)
