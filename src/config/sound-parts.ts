// What is sound of a configuration with mistakes: without the values that are wrong or, where one cannot be left out, without the entry of the
// list or the section that it stands in. So what concerns several values is found in the same run, in the same section too.

import type { z } from 'zod'
import type { Path } from './complaint.ts'
import { type Config, configSchema } from './schema.ts'

export type SoundParts = {
  readonly config: Config
  /** Sections with a mistake: some of them is missing. */
  readonly broken: ReadonlySet<PropertyKey>
  /** Lists in which entries are missing: the others stand at other positions. */
  readonly shifted: ReadonlySet<PropertyKey>
  /** Where what is found at this place stands as it was written. */
  readonly written: (path: Path) => Path
}

/** Without them a listener, a driver or a customer would be another one, at a place or with a name that was not meant. */
const WHERE: ReadonlySet<PropertyKey> = new Set([
  'address',
  'addresses',
  'port',
  'socket',
  'kind',
  'name',
])

type Issues = readonly z.core.$ZodIssue[]

/** Undefined where nothing sound is left. */
export function soundParts(value: unknown, issues: Issues): SoundParts | undefined {
  const left = new UnsoundParts(value)
  for (const path of pathsOf(issues)) left.value(path)
  for (const escalate of ['entry', 'section'] as const) {
    const { given, kept } = left.rest()
    const written = ([key, at, ...rest]: Path): Path =>
      key === undefined
        ? []
        : typeof at === 'number'
          ? [key, kept.get(key)?.[at] ?? at, ...rest]
          : [key, ...(at === undefined ? [] : [at]), ...rest]
    const found = configSchema.safeParse(given)
    if (found.success)
      return { config: found.data, broken: left.broken, shifted: new Set(kept.keys()), written }
    for (const path of pathsOf(found.error.issues)) left[escalate](written(path))
  }
  const found = configSchema.safeParse(left.rest().given)
  if (!found.success) return undefined
  const { broken } = left
  return { config: found.data, broken, shifted: broken, written: path => path }
}

/** Of unknown settings each. */
const pathsOf = (issues: Issues): readonly Path[] =>
  issues.flatMap(issue =>
    issue.code === 'unrecognized_keys' ? issue.keys.map(key => [...issue.path, key]) : [issue.path],
  )

class UnsoundParts {
  readonly broken = new Set<PropertyKey>()
  readonly #whole: ReadonlyMap<string, unknown>
  readonly #sections = new Set<string>()
  readonly #entries = new Map<string, Set<number>>()
  readonly #values: Path[] = []

  constructor(value: unknown) {
    this.#whole = new Map(Object.entries(Object(value)))
  }

  value(path: Path): void {
    const [key, ...inside] = path
    if (inside.length === 0) return this.section(path)
    const last = path.at(-1)
    if (typeof last !== 'string' || WHERE.has(last)) return this.entry(path)
    this.broken.add(String(key))
    this.#values.push(path)
  }

  entry(path: Path): void {
    const [key = '', at] = path
    const name = String(key)
    if (typeof at !== 'number' || !Array.isArray(this.#whole.get(name))) return this.section(path)
    this.broken.add(name)
    this.#entries.set(name, (this.#entries.get(name) ?? new Set()).add(at))
  }

  section([key]: Path): void {
    if (key === undefined) return
    this.broken.add(String(key))
    this.#sections.add(String(key))
  }

  /** `kept`: of lists without some of their entries, which are left. */
  rest(): { readonly given: object; readonly kept: ReadonlyMap<PropertyKey, readonly number[]> } {
    const kept = new Map<PropertyKey, readonly number[]>()
    const given = new Map<string, unknown>()
    for (const [key, whole] of this.#whole) {
      if (this.#sections.has(key)) continue
      const mine = this.#values.filter(([first]) => first === key)
      const one: unknown = mine.length === 0 ? whole : structuredClone(whole)
      for (const [, ...inside] of mine) removeAt(one, inside)
      const entries = this.#entries.get(key)
      if (!entries || !Array.isArray(one)) {
        given.set(key, one)
        continue
      }
      const left = [...one.keys()].filter(at => !entries.has(at))
      kept.set(key, left)
      given.set(
        key,
        left.map(at => one[at] as unknown),
      )
    }
    return { given: Object.fromEntries(given), kept }
  }
}

function removeAt(value: unknown, path: Path): void {
  let at: unknown = value
  for (const key of path.slice(0, -1))
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  if (typeof at === 'object' && at !== null) Reflect.deleteProperty(at, path.at(-1) ?? '')
}
