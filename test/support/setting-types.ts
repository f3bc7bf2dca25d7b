// Which types hold settings: those of the usual names, and those that are a part of one; and which types are choices of words.

import { dirname, join } from 'node:path'
import { type Node, parseSync, Visitor } from 'oxc-parser'

type Source = { readonly file: string; readonly text: string }

export type SettingTypes = {
  /** `FILE NAME` of those that hold settings. */
  readonly settings: ReadonlySet<string>
  /** The words of a choice, or of a list of such; none of any other type. */
  readonly choiceIn: (type: Node) => readonly string[]
}

const NAMED = /(?:Settings|Options|Limits|Budgets|Caps)$/
/** Types of other names that hold what is configured, and are no part of one of these. */
const ALSO = new Set([
  'ConfiguredListener',
  'DeterministicMap',
  'MessageParts',
  'MilterConfig',
  'MilterSetup',
  'OptOutParts',
  'Setup',
  'SmtpConfig',
])
/** What is made of a type, and holds the same. */
const OF = new Set(['Omit', 'Partial', 'Pick', 'Readonly', 'ReadonlyMap', 'Record', 'Required'])

type Declared = { readonly file: string; readonly name: string; readonly node: Node }

/** `isMeant`: files whose types may hold settings; a choice may be declared anywhere. */
export function settingTypes(
  sources: readonly Source[],
  isMeant: (file: string) => boolean,
): SettingTypes {
  const lists = new Map<string, readonly string[]>()
  const choices = new Map<string, readonly string[]>()
  const declared = new Map<string, Declared>()
  const imported = new Map<string, string>()
  const programs = sources.map(({ file, text }) => ({
    file,
    program: parseSync(file, text).program,
  }))
  for (const { program } of programs)
    new Visitor({
      VariableDeclarator: ({ id, init }) => {
        if (id.type === 'Identifier' && init) lists.set(id.name, wordsOf(init))
      },
    }).visit(program)
  for (const { file, program } of programs) {
    const add = (name: string, node: Node) => {
      if (isMeant(file)) declared.set(`${file} ${name}`, { file, name, node })
    }
    new Visitor({
      TSTypeAliasDeclaration: node => {
        const words = choiceOf(node.typeAnnotation, lists)
        if (words.length > 1) choices.set(node.id.name, words)
        else add(node.id.name, node)
      },
      TSInterfaceDeclaration: node => add(node.id.name, node),
      ImportDeclaration: ({ source, specifiers }) => {
        for (const one of specifiers)
          if (one.type === 'ImportSpecifier' && one.imported.type === 'Identifier')
            imported.set(
              `${file} ${one.local.name}`,
              `${join(dirname(file), source.value)} ${one.imported.name}`,
            )
      },
    }).visit(program)
  }
  const choiceIn = (type: Node): readonly string[] => {
    if (type.type === 'TSArrayType') return choiceIn(type.elementType)
    if (type.type === 'TSTypeOperator') return choiceIn(type.typeAnnotation)
    if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier')
      return choices.get(type.typeName.name) ?? []
    return choiceOf(type, lists)
  }
  return { settings: withTheirParts(declared, imported), choiceIn }
}

/** What a bag of parts has is a part of it, and no setting. */
function withTheirParts(
  declared: ReadonlyMap<string, Declared>,
  imported: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const held = new Set<string>()
  const waiting = [...declared]
    .filter(([, { name }]) => NAMED.test(name) || ALSO.has(name))
    .map(([key]) => key)
  for (const key of waiting) {
    const one = declared.get(key)
    if (!one || held.has(key)) continue
    held.add(key)
    if (one.name.endsWith('Parts')) continue
    for (const name of namesIn(one.node)) {
      const local = `${one.file} ${name}`
      waiting.push(imported.get(local) ?? local)
    }
  }
  return held
}

/** Names of types that it is made of, and of those of its properties; not those of functions. */
function namesIn(node: Node): string[] {
  const names: string[] = []
  const look = (type: Node | null | undefined): void => {
    if (type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier') {
      names.push(type.typeName.name)
      if (OF.has(type.typeName.name)) type.typeArguments?.params.forEach(look)
    } else if (type?.type === 'TSArrayType') look(type.elementType)
    else if (type?.type === 'TSTypeOperator' || type?.type === 'TSParenthesizedType')
      look(type.typeAnnotation)
    else if (type?.type === 'TSUnionType' || type?.type === 'TSIntersectionType')
      type.types.forEach(look)
  }
  if (node.type === 'TSTypeAliasDeclaration') look(node.typeAnnotation)
  new Visitor({
    TSPropertySignature: ({ typeAnnotation }) => look(typeAnnotation?.typeAnnotation),
  }).visit({ type: 'Program', body: [node] } as never)
  return names
}

/** The words of `['a', 'b'] as const`. */
function wordsOf(init: Node): string[] {
  const list = init.type === 'TSAsExpression' ? init.expression : init
  if (list.type !== 'ArrayExpression') return []
  return list.elements.flatMap(one =>
    one?.type === 'Literal' && typeof one.value === 'string' ? [one.value] : [],
  )
}

/** The words of `'a' | 'b'`, or of `(typeof LIST)[number]`; none where it is no choice. */
function choiceOf(type: Node, lists: ReadonlyMap<string, readonly string[]>): string[] {
  if (type.type === 'TSParenthesizedType') return choiceOf(type.typeAnnotation, lists)
  if (type.type === 'TSUnionType') {
    const words = type.types
      .filter(one => one.type !== 'TSUndefinedKeyword')
      .map(one => (one.type === 'TSLiteralType' ? textOf(one.literal) : ''))
    return words.includes('') ? [] : words
  }
  if (type.type !== 'TSIndexedAccessType') return []
  const of =
    type.objectType.type === 'TSParenthesizedType'
      ? type.objectType.typeAnnotation
      : type.objectType
  return of.type === 'TSTypeQuery' && of.exprName.type === 'Identifier'
    ? [...(lists.get(of.exprName.name) ?? [])]
    : []
}

const textOf = (literal: Node): string =>
  literal.type === 'Literal' && typeof literal.value === 'string' ? literal.value : ''
