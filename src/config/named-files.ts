// Which files a configuration names, from the schema: a setting of the kind `path` (fields.ts) is one, wherever it stands. Pure.

import type { z } from 'zod'
import type { Path } from './complaint.ts'
import { isFile } from './fields.ts'
import { unwrap } from './schema-complaints.ts'
import { type Config, configSchema } from './schema.ts'

export type NamedFile = {
  readonly key: keyof Config
  /** Where it is named, such as `certificates`, 0, `chain`. */
  readonly path: Path
  readonly file: string
}

/** Any entry of a list, or of a section with free names. */
const EACH = Symbol('each')
type SchemaPlace = readonly (string | typeof EACH)[]

const PLACES: readonly SchemaPlace[] = placesIn(configSchema, [], new Set())

/** For people and tests: `certificates #.chain`. */
export const filePlaces: readonly string[] = PLACES.map(place =>
  place.map((step, i) => (step === EACH ? ' #' : i === 0 ? step : `.${step}`)).join(''),
)

export const namedFiles = (config: Config): readonly NamedFile[] =>
  PLACES.flatMap(place => found(config, place, []))

type SchemaParts = {
  readonly shape?: Readonly<Record<string, unknown>>
  readonly element?: unknown
  readonly valueType?: unknown
}

/** `around`: what this stands in, and not once more (a list of conditions has such lists in it). */
function placesIn(
  schema: unknown,
  before: SchemaPlace,
  around: ReadonlySet<unknown>,
): SchemaPlace[] {
  const open = unwrap(schema) as (z.ZodType & SchemaParts) | undefined
  if (!open || around.has(open)) return []
  if (isFile(open)) return [before]
  const inside = new Set([...around, open])
  const each = open.element ?? open.valueType
  return [
    ...Object.entries(open.shape ?? {}).flatMap(([key, inner]) =>
      placesIn(inner, [...before, key], inside),
    ),
    ...(each === undefined ? [] : placesIn(each, [...before, EACH], inside)),
  ]
}

function found(value: unknown, [step, ...rest]: SchemaPlace, path: Path): readonly NamedFile[] {
  if (value === undefined || value === null) return []
  if (step === undefined)
    return typeof value === 'string' ? [{ key: path[0] as keyof Config, path, file: value }] : []
  const parts = value as Readonly<Record<string, unknown>>
  if (step !== EACH) return found(parts[step], rest, [...path, step])
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(parts)
  return entries.flatMap(([name, one]) => found(one, rest, [...path, name]))
}
