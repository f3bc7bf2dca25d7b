// From a YAML file to a frozen Config, or to sentences that say where it is wrong and what to write instead.

import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { ConfigError } from '../model/errors.ts'
import { type Config, configSchema } from './schema.ts'

/** Reads and checks a file. Throws ConfigError; changes nothing. */
export function loadConfig(path: string): Config {
  let source: string
  try {
    source = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(
      path,
      `cannot be read (${(error as Error).message})`,
      'Check the path and its permissions.',
    )
  }
  return parseConfig(source)
}

/** Checks a configuration given as YAML text. */
export function parseConfig(source: string): Config {
  const document = parseDocument(source, { uniqueKeys: true })
  const [problem] = document.errors
  if (problem) {
    const line = problem.linePos?.[0].line ?? 1
    throw new ConfigError(
      `line ${line}`,
      problem.message.split('\n')[0] ?? 'not YAML',
      'Mend the indentation or the quotes there.',
    )
  }
  return checkConfig(document.toJS() ?? {})
}

/** Checks a configuration given as a value, fills in what is not said, and freezes it. */
export function checkConfig(value: unknown): Config {
  const result = configSchema.safeParse(value)
  if (!result.success) throw complaint(result.error.issues[0] as z.core.$ZodIssue, value)
  return deepFreeze(consistent(result.data))
}

function complaint(issue: z.core.$ZodIssue, value: unknown): ConfigError {
  const path = issue.path.join('.') || 'configuration'
  const given = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  if (issue.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys
    const near = closest(unknown, knownKeys(issue.path))
    const where = issue.path.length > 0 ? `${path}.${unknown}` : unknown
    return new ConfigError(
      where,
      'there is no such setting',
      near ? `Did you mean ${near}?` : 'Remove it.',
    )
  }
  // What is secret is not repeated, nor a whole section: there may be a password in it.
  const hidden = typeof given === 'object' || /(?:secret|password)$/i.test(path)
  const what = hidden ? 'what stands there' : JSON.stringify(given)
  const shown = given === undefined ? 'is missing' : `${what} is not possible`
  return new ConfigError(path, shown, advice(issue))
}

function advice(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `Write one of: ${issue.values.join(', ')}.`
  if (issue.code === 'invalid_type')
    return issue.message.startsWith('Write ')
      ? `${issue.message}.`
      : `Write ${named(issue.expected)}.`
  if (issue.code === 'too_small') return `Write at least ${issue.minimum}.`
  if (issue.code === 'too_big') return `Write at most ${issue.maximum}.`
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

/** What no single value can show. */
function consistent(config: Config): Config {
  const ids = new Set(config.subscribers.map(one => one.id))
  for (const [i, lease] of config.leases.entries()) {
    if (!ids.has(lease.subscriber)) {
      throw new ConfigError(
        `leases.${i}.subscriber`,
        `there is no subscriber ${lease.subscriber}`,
        'Write the id of one of the subscribers.',
      )
    }
  }
  const seen = new Map<string, number>()
  for (const [i, subscriber] of config.subscribers.entries()) {
    for (const login of subscriber.logins) {
      const before = seen.get(login.name)
      if (before !== undefined) {
        throw new ConfigError(
          `subscribers.${i}.logins`,
          `${login.name} belongs to subscribers.${before} already`,
          'Give every login to one subscriber.',
        )
      }
      seen.set(login.name, i)
    }
  }
  if (config.listeners.some(one => one.kind === 'inbound') && config.domains.length === 0) {
    throw new ConfigError(
      'domains',
      'an inbound listener has no domains to take mail for',
      'Write the domains whose mailboxes are here.',
    )
  }
  return config
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = configSchema
  for (const key of path) schema = inner(schema, key)
  const shape = (unwrap(schema) as { shape?: Record<string, unknown> } | undefined)?.shape
  return Object.keys(shape ?? {})
}

function inner(schema: unknown, key: PropertyKey): unknown {
  const open = unwrap(schema) as {
    shape?: Record<PropertyKey, unknown>
    element?: unknown
    valueType?: unknown
  }
  return open.shape?.[key] ?? open.element ?? open.valueType
}

/** Through defaults and optionals to what they wrap. */
export function unwrap(schema: unknown): unknown {
  let open = schema as { def?: { innerType?: unknown; in?: unknown } } | undefined
  while (open?.def?.innerType ?? open?.def?.in)
    open = (open?.def?.innerType ?? open?.def?.in) as typeof open
  return open
}

function closest(word: string, known: readonly string[]): string | undefined {
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

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
