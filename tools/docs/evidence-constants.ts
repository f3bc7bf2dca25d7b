// The constants by which evidence is gathered, weighed and acted upon, as they stand in the source: name, value and the comment above.
// docs/evidence.md prints them; one without a comment, or that cannot be evaluated here, is a mistake (test/docs.test.ts).

import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Node, parseSync, Visitor } from 'oxc-parser'
import { DAY, formatDuration, HOUR, MINUTE, SECOND } from '../../src/model/duration.ts'

export type Constant = {
  readonly file: string
  readonly name: string
  readonly value: string
  /** Empty where no comment stands above it. */
  readonly comment: string
}

/** What gathers, weighs and decides. What these import is read too. */
const WHERE = [
  'src/core/isolation/*.ts',
  'src/core/detection/**/*.ts',
  'src/engine/evidence/*.ts',
  'src/engine/intake/**/*.ts',
  'src/drivers/scanners/heuristic.ts',
  'src/mail/fingerprint.ts',
  'src/mail/shingles.ts',
  'src/sensors/flows/different-ones.ts',
  'src/sensors/flows/flow-watch.ts',
  'src/model/decision.ts',
  'src/model/waits-for-word.ts',
]

/** Files, or `file NAME`, that are not printed here, and why. */
export const NOT_EVIDENCE: Readonly<Record<string, string>> = {
  'src/core/detection/evidence-table.ts': 'its cells are the first table of the page',
  'src/core/detection/signs/egress.ts CELLS': 'cells, in the first table',
  'src/core/detection/signs/floods.ts floods': 'cells, in the first table',
  'src/core/detection/signs/flows.ts submissionFanOut': 'cells, in the first table',
  'src/core/detection/signs/flows.ts commandContact': 'cells, in the first table',
  'src/core/detection/signs/flows.ts servesMany': 'cells, in the first table',
  'src/core/detection/signs/scans.ts scans': 'cells, in the first table',
  'src/core/detection/numbers.ts': 'the second table of the page',
  'src/core/detection/episodes/tables.ts CLEAN': 'classes, a table of their own',
  'src/core/detection/episodes/tables.ts INFECTED': 'classes, a table of their own',
  'src/core/detection/episodes/record.ts': 'the bytes of a record',
  'src/core/isolation/opt-out.ts': 'opening port 25 on request: no evidence',
  'src/core/isolation/rollout.ts': 'closing port 25 in a part of the network: no evidence',
  'src/engine/evidence/change-case.ts MAX_ATTEMPTS': 'a bound of the store',
  'src/engine/evidence/lanes.ts REPORTS_AT_ONCE': 'a bound of concurrency',
  'src/engine/evidence/report.ts': 'bounds of a queue',
  'src/engine/evidence/history.ts NO_HISTORY': 'zeros: nothing is known yet',
  'src/engine/evidence/traps.ts MAX_NAMED': 'a bound of what is written down',
  'src/sensors/flows/flow-watch.ts SCANS': 'bounds of memory',
  'src/sensors/flows/flow-watch.ts TALKS': 'bounds of memory',
  'src/sensors/flows/flow-watch.ts GUESTS': 'bounds of memory',
  'src/model/decision.ts MAX_HOLD_HOURS': 'MAX_HOLD once more, for texts',
  'src/model/decision.ts SAME_TIME': 'compares what a router holds',
  'src/drivers/scanners/heuristic.ts SIGNS': 'a table of their own',
  'src/engine/intake/elsewhere/held-elsewhere.ts': 'mail that another server holds: no evidence',
  'src/engine/intake/envelope.ts MAX_FORWARDS': 'a bound of addressing',
  'src/engine/intake/internal-mail.ts': 'letters and reports of our own',
  'src/engine/intake/keep.ts MAYBE': 'a verdict',
  'src/engine/intake/missing-from.ts MAX_LOOKED_AT': 'a bound of a reader',
  'src/engine/intake/unseen-message.ts': 'zeros, and a bound of memory',
  'src/mail/answered-ids.ts': 'bounds of a reader',
  'src/mail/authors.ts': 'bounds of a reader',
  'src/mail/forged-results.ts': 'bytes, and bounds of a reader',
  'src/mail/header-end.ts': 'bytes, and bounds of a reader',
  'src/core/policy/public-address.ts': 'bytes of addresses',
  'src/model/duration.ts': 'units of time',
  'src/model/errors.ts': 'a bound of a sentence',
  'src/model/ip.ts': 'a byte',
  'src/model/mail-address.ts': 'RFC 5321',
  'src/model/opt-out.ts': 'opening port 25 on request: no evidence',
  'src/model/normal-form.ts': 'a table of letters',
  'src/wire/teller-clock.ts': 'whether the clock of a source is right: docs/network.md',
  'src/mail/correspondent-key.ts': 'a bound of a cache',
  'src/sensors/flows/flow.ts': 'numbers of the protocol',
  'src/ports/hold-queue.ts': 'a bound of a protocol',
}

/** A time, in ms. */
class Span {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

const SPANS = Object.entries({ SECOND, MINUTE, HOUR, DAY }).map(
  ([name, ms]) => [name, new Span(ms)] as const,
)

/** Constants of the evidence, and those of which it cannot be said what they are. */
export function evidenceConstants(): {
  readonly known: readonly Constant[]
  readonly unknown: readonly string[]
} {
  const own = WHERE.flatMap(one => globSync(one)).filter(file => !file.endsWith('.test.ts'))
  const files = new Set([...own, ...own.flatMap(importedBy)])
  const all = [...files]
    .toSorted()
    .flatMap(file => constantsOf(file, readFileSync(file, 'utf8')))
    .filter(({ file, name }) => !(file in NOT_EVIDENCE) && !(`${file} ${name}` in NOT_EVIDENCE))
  return {
    known: all.filter(one => one.value !== ''),
    unknown: all.filter(one => one.value === '').map(one => `${one.file} ${one.name}`),
  }
}

/** Files that a file takes more than types of. */
function importedBy(file: string): string[] {
  const from = /^import (?!type)[^;]*?from '(\.[^']+)'/gm
  return Array.from(readFileSync(file, 'utf8').matchAll(from), ([, path = '']) =>
    join(dirname(file), path),
  )
}

/** Of one file, at its top level; `value` is empty where there are numbers in it that are not evaluated. */
export function constantsOf(file: string, text: string): Constant[] {
  const { program, comments } = parseSync(file, text)
  const found: Constant[] = []
  const known = new Map<string, Value>(SPANS)
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type !== 'VariableDeclaration') continue
    for (const { id, init } of declared.declarations) {
      if (id.type !== 'Identifier' || !init || /Function/.test(init.type)) continue
      const value = valueOf(init, known)
      if (value !== undefined) known.set(id.name, value)
      if (value === undefined && !hasNumber(init)) continue
      const comment = comments.findLast(
        one => one.end <= statement.start && /^\s*$/.test(text.slice(one.end, statement.start)),
      )
      const above = text.slice(0, statement.start).endsWith('\n\n') ? '' : found.at(-1)?.comment
      found.push({
        file,
        name: id.name,
        value: value === undefined ? '' : written(value),
        comment: comment ? wordsOf(comment.value) : (above ?? ''),
      })
    }
  }
  return found
}

type Value = number | Span | readonly Value[] | { readonly [key: string]: Value }

function valueOf(node: Node, known: ReadonlyMap<string, Value>): Value | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number' ? node.value : undefined
    case 'Identifier':
      return known.get(node.name)
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return valueOf(node.expression, known)
    case 'NewExpression':
      return node.arguments[0] && valueOf(node.arguments[0], known)
    case 'BinaryExpression':
      return calculated(node.operator, valueOf(node.left, known), valueOf(node.right, known))
    case 'ArrayExpression':
      return allKnown(node.elements.map(one => (one ? valueOf(one, known) : undefined)))
    case 'ObjectExpression': {
      const entries = node.properties.map(one =>
        one.type === 'Property'
          ? ([keyOf(one.key), valueOf(one.value, known)] as const)
          : undefined,
      )
      const values = allKnown(entries.map(one => one?.[1]))
      return values && Object.fromEntries(values.map((value, i) => [entries[i]?.[0] ?? '', value]))
    }
    default:
      return undefined
  }
}

const allKnown = (values: readonly (Value | undefined)[]): readonly Value[] | undefined =>
  values.includes(undefined) ? undefined : (values as readonly Value[])

const keyOf = (key: Node): string =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''

/** A time by a number, or with another time, is a time; of two times the ratio is a number. */
function calculated(operator: string, one?: Value, other?: Value): Value | undefined {
  const [a, b] = [numberOf(one), numberOf(other)]
  if (a === undefined || b === undefined) return undefined
  const result = { '*': a * b, '/': a / b, '+': a + b, '-': a - b }[operator]
  const isTime =
    one instanceof Span !== other instanceof Span || (one instanceof Span && operator !== '/')
  return result !== undefined && isTime ? new Span(result) : result
}

const numberOf = (value?: Value): number | undefined =>
  value instanceof Span ? value.ms : typeof value === 'number' ? value : undefined

function hasNumber(node: Node): boolean {
  let seen = false
  const program = { type: 'Program', body: [{ type: 'ExpressionStatement', expression: node }] }
  new Visitor({
    Literal: ({ value }) => void (seen ||= typeof value === 'number'),
  }).visit(program as never)
  return seen
}

function written(value: Value): string {
  if (typeof value === 'number')
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
  if (value instanceof Span) return formatDuration(value.ms)
  if (Array.isArray(value)) return value.map(written).join(', ')
  return Object.entries(value)
    .map(([key, one]) => `${key}: ${written(one)}`)
    .join(' · ')
}

const wordsOf = (comment: string): string =>
  comment
    .replaceAll(/^\s*\*+ ?/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
