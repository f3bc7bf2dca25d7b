// What is wrong with what somebody said, as one sentence that names the field and what is possible.

import type { z } from 'zod'

/** Header of a request (ms since 1970): what has not been begun by then is not done, because whoever asks waits no longer. */
export const NOT_AFTER = 'cordon-not-after'

export type Problem = {
  /** `hours`, or `leases[3].prefix`; absent when it is about the whole. */
  readonly field?: string
  readonly message: string
}

/** The first thing that is wrong: people mend one after the other. `known` are the fields there are. */
export function problemOf(error: z.ZodError, known: readonly string[]): Problem {
  const issue = error.issues[0] as z.core.$ZodIssue
  if (issue.code === 'unrecognized_keys') {
    const field = pathOf([...issue.path, issue.keys[0] ?? ''])
    const there = issue.path.length > 0 ? '' : ` There ${listed(known)}.`
    return { field: field.slice(0, 100), message: `There is no such field.${there}` }
  }
  if (issue.path.length === 0)
    return { message: `Write an object with fields. There ${listed(known)}.` }
  return { field: pathOf(issue.path), message: sentence(issue.message) }
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
