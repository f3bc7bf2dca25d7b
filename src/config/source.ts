// A configuration as text: read within bounds, as YAML, with the line of everything in it.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml'
import { ConfigError } from '../model/errors.ts'
import type { Path } from './complaint.ts'

/** Customers in the file itself are some 300 bytes each: fifty thousand of them. More belong into a feed (`subscriberFeed`). */
export const MAX_BYTES = 16 * 1024 * 1024
/** What anchors may become when their aliases are written out; a small file could otherwise fill the memory. */
const MAX_ALIASES = 100

export type Source = {
  readonly value: unknown
  /** The line of a value, or of the nearest thing around it that is there; counted from 1. */
  readonly lineOf: (path: Path) => number
}

/** The text of a file. Throws ConfigError when it is too large or no UTF-8. */
export function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.length > MAX_BYTES) tooLarge(file, bytes.length)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const line = lineOfBadByte(bytes)
    throw new ConfigError(`${file}:${line}`, 'the text is not UTF-8', 'Save the file as UTF-8.')
  }
}

export function tooLarge(file: string, bytes: number): never {
  throw new ConfigError(
    file,
    `the file has ${bytes} bytes, more than ${MAX_BYTES}`,
    'Keep customers in a list of their own (subscriberFeed).',
  )
}

function lineOfBadByte(bytes: Uint8Array): number {
  const decoded = new TextDecoder().decode(bytes)
  const bad = decoded.indexOf('\u{fffd}')
  return decoded.slice(0, Math.max(0, bad)).split('\n').length
}

/** Reads YAML. Throws ConfigError with everything that is wrong with it as YAML, by line and column. `at` names a line. */
export function readYaml(text: string, at: (line: number) => string): Source {
  const counter = new LineCounter()
  const document = parseDocument(text, { uniqueKeys: true, lineCounter: counter })
  const problems = [...document.errors, ...document.warnings].map(problem => {
    const { line, col } = problem.linePos?.[0] ?? counter.linePos(problem.pos[0])
    const said = (problem.message.split('\n')[0] ?? 'not YAML').replace(/:$/, '')
    return { line, column: col, said }
  })
  const tabs = tabsIn(text, problems)
  if (tabs.length > 0)
    throw ConfigError.of(
      tabs.map(line => ({
        where: at(line),
        problem: 'Tabs are not allowed as indentation',
        advice: 'Indent with spaces.',
      })),
    )
  if (problems.length > 0)
    throw ConfigError.of(
      problems.map(({ line, column, said }) => ({
        where: `${at(line)}:${column}`,
        problem: plainly(said),
        advice: adviceFor(said),
      })),
    )
  return { value: valueOf(document, at, counter), lineOf: path => lineOf(document, path, counter) }
}

/** Lines that begin with a tab, where that may be why it is no YAML: what the reader then says of them names everything else. */
function tabsIn(text: string, problems: readonly { readonly line: number }[]): readonly number[] {
  if (problems.length === 0 || !text.includes('\t')) return []
  const lines = text.split('\n')
  return lines.flatMap((line, i) => (/^ *\t\s*[^\s#]/.test(line) ? [i + 1] : []))
}

function valueOf(document: Document, at: (line: number) => string, counter: LineCounter): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch (error) {
    throw new ConfigError(
      at(lineOfAlias(document, counter)),
      /excessive/i.test((error as Error).message)
        ? 'the aliases stand for more than is taken'
        : plainly((error as Error).message),
      'Write each value out, without anchors (&) and aliases (*); in quotes, if it begins with one of these.',
    )
  }
}

/** What an alias or a tag is called is left out: it may be a password that begins with * or !. */
const plainly = (said: string): string =>
  said
    .replace(/; please use.*/, '')
    .replace(/(?<=\balias|\btag)\b.*/i, '')
    .replace(/ at line \d+, column \d+$/, '')
    .replace(/\.$/, '')

function adviceFor(said: string): string {
  if (said.includes('must be unique')) return 'Write each setting once.'
  if (/tab/i.test(said)) return 'Indent with spaces.'
  if (said.includes('multiple documents')) return 'Write one document; remove the lines "---".'
  if (/alias/i.test(said)) return 'Write the value itself; in quotes, if it begins with *.'
  if (/tag/i.test(said)) return 'Write the value in quotes, or remove the tag (!).'
  return 'Mend the indentation or the quotes there.'
}

/** Of the first alias without an anchor before it; of the last one, where all have theirs. */
function lineOfAlias(document: Document, counter: LineCounter): number {
  const anchors = new Set<string>()
  let offset = 0
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor)
    },
    Alias: (_key, node) => {
      offset = startOf(node) ?? offset
      return anchors.has(node.source) ? undefined : visit.BREAK
    },
  })
  return Math.max(1, counter.linePos(offset).line)
}

function lineOf(document: Document, path: Path, counter: LineCounter): number {
  let node: unknown = document.contents
  let offset = 0
  for (const key of path) {
    // What stands elsewhere is wrong where it is named: the same may be right at its anchor.
    if (isAlias(node)) break
    if (isMap(node)) {
      const pair = node.items.find(one => isScalar(one.key) && String(one.key.value) === key)
      if (!pair) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
      node = node.items[key]
      offset = startOf(node) ?? offset
    } else break
  }
  return Math.max(1, counter.linePos(offset).line)
}

const startOf = (node: unknown): number | undefined =>
  (node as { readonly range?: readonly number[] | null } | null)?.range?.[0]
