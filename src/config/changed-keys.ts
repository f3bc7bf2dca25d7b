// What differs between two configurations, by the names of its first level.

import type { Config } from './schema.ts'

export function changedKeys(before: Config, after: Config): string[] {
  return Object.entries(after)
    .filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Config]),
    )
    .map(([name]) => name)
}
