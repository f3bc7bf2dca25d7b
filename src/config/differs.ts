// Whether a setting is another one: as it is written down, the order of its fields included.

import type { Config } from './schema.ts'

/** What was read again and is as it was is the same object (src/app/read-again.ts): twenty thousand customers are not written down for it. */
export const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b)

export const differs = (a: Config, b: Config, key: keyof Config): boolean => !same(a[key], b[key])
