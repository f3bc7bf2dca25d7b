// Finds calls that are given `true` or `false` by its place: the reader of the call cannot say what it means.

import { type Node, parseSync, Visitor } from 'oxc-parser'

/** Functions of the language, of Node and of zod, and what settles a promise. */
const NOT_OURS = new Set([
  'default',
  'includes',
  'indexOf',
  'resolve',
  'setNoDelay',
  'setKeepAlive',
])

/** `f(a, true)`: each such call, as it stands. */
export function booleanArguments(file: string, text: string): string[] {
  const found: string[] = []
  const look = ({ callee, arguments: all, start, end }: Call) => {
    const called = callee.type === 'MemberExpression' ? callee.property : callee
    if (called.type === 'Identifier' && NOT_OURS.has(called.name)) return
    if (all.some(one => one.type === 'Literal' && typeof one.value === 'boolean'))
      found.push(`${file}: ${text.slice(start, end)}`)
  }
  new Visitor({ CallExpression: look, NewExpression: look }).visit(parseSync(file, text).program)
  return found
}

type Call = {
  readonly callee: Node
  readonly arguments: readonly Node[]
  readonly start: number
  readonly end: number
}
