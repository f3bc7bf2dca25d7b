// From a YAML file to a frozen Config, or to sentences that say where it is wrong and what to write instead: all of them at once, in the
// order of the file.

import { ConfigError } from '../model/errors.ts'
import { type Complaint, placeInWords } from './complaint.ts'
import { forwardsTwice } from './forwards-twice.ts'
import { prototypeKeys } from './prototype-keys.ts'
import { crossChecks } from './cross-checks/cross-checks.ts'
import { complaintsOf } from './schema-complaints.ts'
import { type Config, configSchema } from './schema.ts'
import { soundParts } from './sound-parts.ts'
import { lineIn, readSource } from './read-source.ts'
import { readYaml, type Source } from './source.ts'
import { noteWritten } from './written.ts'

/** Looks at a configuration that has the right form; what is wrong with it all the same. */
export type Check = (config: Config) => Iterable<Complaint>

/** Reads and checks a file, which ends with a newline if it is whole. Throws ConfigError; changes nothing. */
export function loadConfig(path: string, further: readonly Check[] = []): Config {
  const at = lineIn(path)
  return checked(readSource(path), at, further)
}

/** Checks a configuration given as YAML text. */
export function parseConfig(text: string, further: readonly Check[] = []): Config {
  const at = (line: number) => `line ${line}`
  return checked(readYaml(text, at), at, further)
}

/** Checks a configuration given as a value, fills in what is not said, and freezes it. */
export function checkConfig(value: unknown): Config {
  return checked({ value, lineOf: () => 0 }, () => '', [])
}

function checked(
  { value, lineOf }: Source,
  at: (line: number) => string,
  further: readonly Check[],
): Config {
  const { config, complaints } = examined(value, further)
  if (config && complaints.length === 0) return deepFreeze(config)
  const inOrder = complaints
    .map(one => ({ ...one, line: lineOf(one.path) }))
    .sort((a, b) => a.line - b.line)
  throw ConfigError.of(
    inOrder.map(({ line, path, problem, advice }) => ({
      where: [at(line), placeInWords(path)].filter(Boolean).join(': '),
      problem,
      advice,
    })),
  )
}

/**
 * Where single values are wrong, what concerns several is still looked for among those that are sound, so that one run tells everything;
 * of the files that are named, in the sections that are sound.
 */
function examined(
  value: unknown,
  further: readonly Check[],
): { readonly config?: Config; readonly complaints: readonly Complaint[] } {
  const result = configSchema.safeParse(value)
  if (result.success) {
    const config = result.data
    noteWritten(config, value)
    const crossed = [
      ...prototypeKeys(value),
      ...forwardsTwice(value),
      ...crossChecks.flatMap(({ find }) => [...find(config)]),
    ]
    return { config, complaints: [...crossed, ...further.flatMap(check => [...check(config)])] }
  }
  const { issues } = result.error
  const found = complaintsOf(issues, value)
  const told = new Set(found.map(({ path }) => placeInWords(path)))
  const complaints = [
    ...found,
    ...[...prototypeKeys(value)].filter(({ path }) => !told.has(placeInWords(path))),
    ...forwardsTwice(value),
  ]
  const sound = soundParts(value, issues)
  if (!sound) return { complaints }
  const { config, broken, shifted, written } = sound
  const crossed = crossChecks
    .filter(({ whole }) => !whole.some(key => broken.has(key)))
    .filter(({ keys, names }) => names || !keys.some(key => shifted.has(key)))
    .flatMap(({ find }) => [...find(config)])
    .map(one => ({ ...one, path: written(one.path) }))
  // That nothing is left to come in may be because of what was left out here.
  const beyond = further
    .flatMap(check => [...check(config)])
    .filter(({ path }) => path.length > 0 && !broken.has(path[0] as PropertyKey))
  return { complaints: [...complaints, ...crossed, ...beyond] }
}

/** All parts share one configuration, so it is frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
