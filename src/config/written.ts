// What the operator wrote at the top of a configuration, in the order of the file, as opposed to what has its default: what was written
// and is not any more may have been cut off (src/config/brake.ts).

import { nameOf } from './difference.ts'
import type { Config } from './schema.ts'

/** One setting at the top, and what its entries are called: of a single value there is one. */
export type Written = { readonly key: string; readonly entries: readonly string[] }

/** By the configuration itself; one that is put together of others is not known here. */
const WRITTEN = new WeakMap<Config, readonly Written[]>()

export function noteWritten(config: Config, value: unknown): void {
  noteAsWritten(
    config,
    Object.entries(Object(value))
      .filter(([, given]) => saysSomething(given))
      .map(([key, given]) => ({ key, entries: entriesOf(given) })),
  )
}

/** Of a configuration that another thread has read. */
export const noteAsWritten = (config: Config, written: readonly Written[]): void =>
  void WRITTEN.set(config, written)

export const writtenIn = (config: Config): readonly Written[] | undefined => WRITTEN.get(config)

/** An empty section does: `milter: {}` is a milter with its defaults. An empty list does not. */
export const saysSomething = (given: unknown): boolean =>
  given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0)

function entriesOf(given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.map(nameOf)
  return typeof given === 'object' && given !== null ? Object.keys(given) : ['']
}
