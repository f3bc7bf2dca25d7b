// Settings called `__proto__`. Zod refuses them where it knows the names; where names are free (forwards, routes, groups) it leaves them out
// without a word, and what an operator wrote there would not be in force.

import type { Complaint, Path } from './complaint.ts'

/** `value`: a configuration as it was written. */
export function* prototypeKeys(value: unknown, path: Path = []): Generator<Complaint> {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, '__proto__'))
    yield {
      path: [...path, '__proto__'],
      problem: 'there is no such setting',
      advice: 'Remove it.',
    }
  for (const [key, inner] of Object.entries(value))
    if (typeof inner === 'object')
      yield* prototypeKeys(inner, [...path, Array.isArray(value) ? Number(key) : key])
}
