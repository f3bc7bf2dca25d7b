// Finds numbers without a name inside functions: a span (`DAY`) that is no factor, and a number other than 0, 1 and 2.

import { type Node, parseSync, Visitor } from 'oxc-parser'

const SPAN = /^(?:SECOND|MINUTE|HOUR|DAY)$/
/** Days of a year and hours of a day; the most that a byte holds; the length of a date; bytes and the factor of FNV-1a. */
const UNITS = new Set(['365', '24', '255', '10', '0x811c9dc5', '0x01000193'])

/** `DAY in window: DAY`: each, as its line has it. */
export function namelessNumbers(file: string, text: string): string[] {
  const { program } = parseSync(file, text)
  const factors = new Set<Node>()
  const found = new Set<string>()
  let depth = 0
  const line = (at: number) =>
    text
      .slice(text.lastIndexOf('\n', at) + 1, (text.indexOf('\n', at) + 1 || text.length + 1) - 1)
      .trim()
  const enter = () => void depth++
  const leave = () => void depth--
  new Visitor({
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    'FunctionDeclaration:exit': leave,
    'FunctionExpression:exit': leave,
    'ArrowFunctionExpression:exit': leave,
    BinaryExpression: ({ operator, left, right }) => {
      if (/[*/%]/.test(operator)) for (const one of [left, right]) factors.add(one)
    },
    Identifier: node => {
      if (depth > 0 && SPAN.test(node.name) && !factors.has(node)) found.add(line(node.start))
    },
    Literal: ({ value, raw, start }) => {
      if (depth > 0 && typeof value === 'number' && value > 2 && !UNITS.has(raw ?? ''))
        found.add(line(start))
    },
  }).visit(program)
  return [...found].map(one => `${file}: ${one}`)
}
