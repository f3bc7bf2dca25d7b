// Which settings at the top of a configuration somebody wrote, as opposed to those that have their default: what was written and is not any
// more may have been cut off (src/config/brake.ts).

import type { Config } from './schema.ts'

/** By the frozen configuration itself; one that is put together of others is not known here. */
const WRITTEN = new WeakMap<Config, readonly string[]>()

export function noteWritten(config: Config, value: unknown): void {
  const written = Object.entries(Object(value)).filter(([, given]) => saysSomething(given))
  WRITTEN.set(
    config,
    written.map(([key]) => key),
  )
}

export const writtenIn = (config: Config): readonly string[] | undefined => WRITTEN.get(config)

/** An empty section does: `milter: {}` is a milter with its defaults. An empty list does not. */
const saysSomething = (given: unknown): boolean =>
  given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0)
