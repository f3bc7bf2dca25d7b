// Writes down which functions of src/ are entered, in their order. The sources are changed as they are loaded: each
// function of a module begins with a call that says its name. Registered before anything of src/ is imported.

import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

export type Entered = { readonly file: string; readonly name: string }

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Every entry, but for those that follow an entry of the same function. */
let entries: Entered[] = []

declare global {
  var cordonEntered: (file: string, name: string) => void
}

globalThis.cordonEntered = (file, name) => {
  const last = entries.at(-1)
  if (last?.file === file && last.name === name) return
  entries.push({ file, name })
}

/** What was entered since the last call, in order. */
export function takeEntered(): Entered[] {
  const all = entries
  entries = []
  return all
}

registerHooks({
  load: (url, context, nextLoad) => {
    if (!url.startsWith(new URL('../../src/', import.meta.url).href)) return nextLoad(url, context)
    const path = fileURLToPath(url)
    const source = withMarks(readFileSync(path, 'utf8'), relative(ROOT, path))
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})

function withMarks(source: string, file: string): string {
  const marks: { readonly at: number; readonly name: string }[] = []
  const { program } = parseSync(file, source)
  visit(program, { file, source, marks, name: '' })
  let marked = source
  for (const { at, name } of marks.toSorted((a, b) => b.at - a.at))
    marked = `${marked.slice(0, at)}cordonEntered(${JSON.stringify(file)},${JSON.stringify(name)});${marked.slice(at)}`
  return marked
}

type Visit = {
  readonly file: string
  readonly source: string
  readonly marks: { readonly at: number; readonly name: string }[]
  /** Of the declaration, property or method that we are in. */
  readonly name: string
}

type Node = { readonly type: string; readonly start: number; readonly [key: string]: unknown }

function visit(node: unknown, given: Visit): void {
  if (Array.isArray(node)) for (const one of node) visit(one, given)
  if (!isNode(node)) return
  const name = nameOf(node) ?? given.name
  const body = node['body']
  if (/Function/.test(node.type) && isNode(body) && body.type === 'BlockStatement' && name !== '')
    given.marks.push({ at: body.start + 1, name })
  for (const value of Object.values(node)) visit(value, { ...given, name })
}

function nameOf(node: Node): string | undefined {
  const from = {
    FunctionDeclaration: 'id',
    VariableDeclarator: 'id',
    Property: 'key',
    MethodDefinition: 'key',
  }
  const key = from[node.type as keyof typeof from]
  const named = key === undefined ? undefined : node[key]
  return isNode(named) && typeof named['name'] === 'string' ? named['name'] : undefined
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
