// Whether a setting is another one: as it is written down, the order of its fields included.

import type { Config } from './schema.ts'

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const differs = (a: Config, b: Config, key: keyof Config): boolean => !same(a[key], b[key])
