// What zod finds, in sentences: where, what stands there, and what to write instead.

import type { z } from 'zod'
import { type Complaint, type Path, placeInWords } from './complaint.ts'
import { todaysKey, todaysValue } from './former-keys.ts'
import { configSchema } from './schema.ts'

/** Several unknown keys of one section are one issue of zod, and one complaint each here. */
export function complaintsOf(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
): readonly Complaint[] {
  return issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => unknownKey([...issue.path, key]))
      : [complaintOf(issue, value)],
  )
}

function unknownKey(path: Path): Complaint {
  const today = todaysKey(path)
  if (today !== undefined)
    return { path, problem: `${String(path.at(-1))} is now ${today}`, advice: `Write ${today}.` }
  const near = closest(String(path.at(-1)), knownKeys(path.slice(0, -1)))
  return {
    path,
    problem: 'there is no such setting',
    advice: near === undefined ? (oneDeeper(path) ?? 'Remove it.') : `Did you mean ${near}?`,
  }
}

/** `limits.messagesPerHour`: the same word stands in each plan. */
function oneDeeper(path: Path): string | undefined {
  const [section, word] = [path.slice(0, -1), String(path.at(-1))]
  const places = section.length === 0 ? [] : knownKeys(section).map(key => [...section, key])
  const deeper = places.find(place => knownKeys(place).includes(word))
  return deeper && `It stands one level deeper, such as ${placeInWords([...deeper, word])}.`
}

function complaintOf(issue: z.core.$ZodIssue, value: unknown): Complaint {
  const given = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  const today = issue.code === 'invalid_value' ? todaysValue(given, issue.values) : undefined
  if (today !== undefined)
    return {
      path: issue.path,
      problem: `${String(given)} is now ${today}`,
      advice: `Write ${today}.`,
    }
  // What is secret is not repeated, nor a whole section: there may be a password in it.
  const hidden = typeof given === 'object' || isSecret(issue.path)
  const what = hidden ? 'what stands there' : shortened(JSON.stringify(given) ?? '')
  return {
    path: issue.path,
    problem:
      given === undefined
        ? 'is missing'
        : given === null
          ? 'nothing stands there'
          : `${what} is not possible`,
    advice: wantsQuotes(issue, given) ? 'Put it in quotation marks.' : adviceFor(issue),
  }
}

/** A customer number is text; YAML reads 10018 as a number. */
function wantsQuotes({ code, path }: z.core.$ZodIssue, given: unknown): boolean {
  if (code !== 'invalid_type' || (typeof given !== 'number' && typeof given !== 'boolean'))
    return false
  const schema = schemaAt(path) as z.ZodType | undefined
  return schema?.safeParse(String(given)).success === true
}

/** Never shown, neither in a complaint nor in a difference. */
export function isSecret(path: Path): boolean {
  return /(?:secret|password|passwordHash|authorization)$/i.test(placeInWords(path))
}

const LONGEST = 80
/** The user and the token in a URL are not repeated either. */
function shortened(text: string): string {
  const plain = withoutQuery(text.replace(/:\/\/[^"/]*@/, '://…@'))
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain
}

function withoutQuery(text: string): string {
  const url = text.indexOf('://')
  const query = url < 0 ? -1 : text.indexOf('?', url)
  if (query < 0) return text
  const end = text.indexOf('"', query)
  return `${text.slice(0, query)}?…${end < 0 ? '' : text.slice(end)}`
}

function adviceFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `Write one of: ${issue.values.join(', ')}.`
  const bound = issue.code === 'too_small' || issue.code === 'too_big'
  // A bound that its sentence does not name is named here.
  if (
    issue.message.startsWith('Write ') &&
    !(bound && !/\d|at least|at most|empty/.test(issue.message))
  )
    return `${issue.message}.`
  if (issue.code === 'invalid_type') return `Write ${named(issue.expected)}.`
  if (issue.code === 'too_small' && issue.origin === 'array')
    return `Write ${issue.minimum === 1 ? 'at least one entry' : `at least ${issue.minimum} entries`}.`
  if (issue.code === 'too_small')
    return `Write ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`
  if (issue.code === 'too_big')
    return `Write ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}.`
  return `${issue.message}.`
}

function named(expected: string): string {
  const words: Record<string, string> = {
    object: 'settings, one per line, indented',
    array: 'a list',
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
  }
  return words[expected] ?? expected
}

function knownKeys(path: Path): string[] {
  const shape = (unwrap(schemaAt(path)) as { shape?: Record<string, unknown> } | undefined)?.shape
  return Object.keys(shape ?? {})
}

/** What the schema says of a place; undefined where it has none. */
export function schemaAt(path: Path): unknown {
  let schema: unknown = configSchema
  for (const key of path) schema = inner(schema, key)
  return schema
}

/** A setting at the top that has parts or entries, as opposed to a single value. */
export function isSectionKey(key: string): boolean {
  const { shape, element, valueType } = openOf(schemaAt([key])) ?? {}
  return (shape ?? element ?? valueType) !== undefined
}

function inner(schema: unknown, key: PropertyKey): unknown {
  const open = openOf(schema)
  const { shape, element, valueType } = open ?? {}
  return (shape && Object.hasOwn(shape, key) ? shape[key] : undefined) ?? element ?? valueType
}

type SchemaParts = { shape?: Record<PropertyKey, unknown>; element?: unknown; valueType?: unknown }
const openOf = (schema: unknown) => unwrap(schema) as SchemaParts | undefined

/** Through defaults and optionals to what they wrap. */
export function unwrap(schema: unknown): unknown {
  let open = schema as { def?: { innerType?: unknown; in?: unknown } } | undefined
  while (open?.def?.innerType ?? open?.def?.in)
    open = (open?.def?.innerType ?? open?.def?.in) as typeof open
  return open
}

/** The known word that was probably meant. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map(key => ({ key, far: distance(word.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const [best] = ranked
  return best && best.far <= Math.max(2, word.length / 3) ? best.key : undefined
}

/** Levenshtein distance, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
