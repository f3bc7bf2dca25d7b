// Finds objects of parts that are handed on by a spread, so that nobody can see what is taken. A bag is what has a type called `…Parts` or
// `…Needs`, or one made of it (an alias, an intersection, a Pick); what is destructured from it by a rest, assigned from it, or returned
// by a function of that type; what is given where a function takes one; what has a type parameter for its type that any bag fits; a property that is declared as a bag; and whatever is
// itself called parts or needs. Syntax only: types and properties are known by their names.

import { dirname, join } from 'node:path'
import {
  type ArrowFunctionExpression,
  type Function as NamedFunction,
  type Node,
  parseSync,
  Visitor,
} from 'oxc-parser'

const BAG_TYPE = /^\w*(?:Parts|Needs)$/
const BAG_NAME = /^#?(?:parts|needs|\w+(?:Parts|Needs))$/
/** Types that keep what they are given: an alias through one of them is a bag still. */
const KEEPING = new Set([
  'Pick',
  'Omit',
  'Partial',
  'Required',
  'Readonly',
  'Promise',
  'Awaited',
  'ReturnType',
])

type Source = { readonly file: string; readonly text: string }

/** Names of all types that are bags, in whichever file. */
export function bagTypes(sources: readonly Source[]): ReadonlySet<string> {
  const bags = new Set<string>()
  const aliases: { readonly name: string; readonly made: Node }[] = []
  for (const { file, text } of sources)
    new Visitor({
      TSInterfaceDeclaration: ({ id }) => void (BAG_TYPE.test(id.name) && bags.add(id.name)),
      TSTypeAliasDeclaration: ({ id, typeAnnotation }) => {
        aliases.push({ name: id.name, made: typeAnnotation })
      },
    }).visit(parseSync(file, text).program)
  for (let before = -1; before !== bags.size; ) {
    before = bags.size
    for (const { name, made } of aliases)
      if (isBag(made, bags) || (made.type === 'TSTypeLiteral' && BAG_TYPE.test(name)))
        bags.add(name)
  }
  return bags
}

/** Names of all properties that are declared as a bag, in whichever file: `engine` of `readonly engine: Pick<EngineParts, 'cases'>`. */
export function bagProperties(
  sources: readonly Source[],
  types: ReadonlySet<string>,
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { file, text } of sources)
    new Visitor({
      TSPropertySignature: ({ key, typeAnnotation }) => {
        if (typeAnnotation && isBag(typeAnnotation, types)) names.add(nameOf(key) ?? '')
      },
    }).visit(parseSync(file, text).program)
  return names
}

/** `FILE run 1`: the functions, and which of their parameters is a bag. What is given there is one, whatever its type says. */
export function bagTakers(
  sources: readonly Source[],
  types: ReadonlySet<string>,
): ReadonlySet<string> {
  const takers = new Set<string>()
  const look = (file: string, name: string | undefined, params: readonly Node[]) => {
    for (const [i, param] of params.entries())
      if (name !== undefined && annotated(param, types)) takers.add(`${file} ${name} ${i}`)
  }
  for (const { file, text } of sources)
    new Visitor({
      FunctionDeclaration: ({ id, params }) => look(file, id?.name, params),
      VariableDeclarator: ({ id, init }) => {
        if (init?.type === 'ArrowFunctionExpression') look(file, nameOf(id), init.params)
      },
    }).visit(parseSync(file, text).program)
  return takers
}

type Bags = {
  readonly types: ReadonlySet<string>
  readonly properties: ReadonlySet<string>
  readonly takers: ReadonlySet<string>
}

/** `world` of `{ ...world }`, of `Object.assign({}, world)`: each that is a bag. */
export function spreadBags(
  file: string,
  text: string,
  { types, properties, takers }: Bags,
): string[] {
  const { program } = parseSync(file, text)
  const known = new Set([...types, ...importedAs(program, types)])
  const names = bagNames(program, {
    types: known,
    properties,
    takers: takersIn(file, program, takers),
  })
  const hidden = hiddenByParameters(program, known)
  const spread: string[] = []
  const look = (node: Node) => {
    const root = rootOf(node)
    const last = node.type === 'MemberExpression' ? nameOf(node.property) : undefined
    if (root !== undefined && (names.has(root) || BAG_NAME.test(root))) spread.push(root)
    else if (hidden.some(one => one.name === root && one.start < node.start && node.end < one.end))
      spread.push(root ?? '')
    else if (last !== undefined && properties.has(last)) spread.push(last)
  }
  new Visitor({
    ObjectExpression: ({ properties }) => {
      for (const one of properties) if (one.type === 'SpreadElement') look(one.argument)
    },
    CallExpression: ({ callee, arguments: all }) => {
      if (text.slice(callee.start, callee.end) !== 'Object.assign') return
      for (const one of all) look(one.type === 'SpreadElement' ? one.argument : one)
    },
  }).visit(program)
  return spread
}

/** Object spreads of any kind, for a file in which all is to be named. */
export function objectSpreads(file: string, text: string): string[] {
  const spread: string[] = []
  new Visitor({
    ObjectExpression: ({ properties }) => {
      for (const one of properties)
        if (one.type === 'SpreadElement') spread.push(text.slice(one.start, one.end))
    },
  }).visit(parseSync(file, text).program)
  return spread
}

/** `run 1`: those of the file, and those that it imports, as they are called there. */
function takersIn(file: string, program: Node, takers: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set<string>()
  const add = (from: string, name: string, local: string) => {
    for (const taker of takers)
      if (taker.startsWith(`${from} ${name} `)) seen.add(taker.replace(`${from} ${name}`, local))
  }
  for (const taker of takers)
    if (taker.startsWith(`${file} `)) seen.add(taker.slice(file.length + 1))
  new Visitor({
    ImportDeclaration: ({ source, specifiers }) => {
      for (const one of specifiers)
        if (one.type === 'ImportSpecifier')
          add(join(dirname(file), source.value), nameOf(one.imported) ?? '', one.local.name)
    },
  }).visit(program as never)
  return seen
}

/** What a file calls bags that it imports under another name. */
function importedAs(program: Node, types: ReadonlySet<string>): readonly string[] {
  const called: string[] = []
  new Visitor({
    ImportSpecifier: ({ imported, local }) =>
      void (types.has(nameOf(imported) ?? '') && called.push(local.name)),
  }).visit(program as never)
  return called
}

type AnyFunction = ArrowFunctionExpression | NamedFunction
type Hidden = { readonly name: string; readonly start: number; readonly end: number }

/** Parameters whose type is a type parameter that takes a bag, and where: of no constraint, of a bag, or of whatever has some field. */
function hiddenByParameters(program: Node, types: ReadonlySet<string>): readonly Hidden[] {
  const hidden: Hidden[] = []
  const look = ({ typeParameters, params, start, end }: AnyFunction) => {
    const open = (typeParameters?.params ?? []).filter(
      ({ constraint }) => constraint?.type !== 'TSTypeReference' || isBag(constraint, types),
    )
    const called = new Set(open.map(({ name }) => name.name))
    for (const one of params)
      if (annotated(one, called)) hidden.push({ name: nameOf(one) ?? '', start, end })
  }
  new Visitor({
    FunctionDeclaration: look,
    FunctionExpression: look,
    ArrowFunctionExpression: look,
  }).visit(program as never)
  return hidden
}

export function isBag(type: Node, bags: ReadonlySet<string>): boolean {
  switch (type.type) {
    case 'TSTypeReference': {
      const { typeName } = type
      const name = typeName.type === 'Identifier' ? typeName.name : ''
      if (bags.has(name)) return true
      return (
        KEEPING.has(name) && (type.typeArguments?.params ?? []).some(param => isBag(param, bags))
      )
    }
    case 'TSIntersectionType':
    case 'TSUnionType':
      return type.types.some(one => isBag(one, bags))
    case 'TSParenthesizedType':
    case 'TSTypeAnnotation':
      return isBag(type.typeAnnotation, bags)
    default:
      return false
  }
}

/** Names of variables and private fields of a file that hold a bag. */
function bagNames(program: Node, { types, properties, takers }: Bags): ReadonlySet<string> {
  const names = new Set<string>()
  const makers = new Set<string>()
  const consts: { readonly id: Node; readonly init: Node }[] = []
  const returns = (name: string | undefined, type: Node | null | undefined) =>
    void (name !== undefined && type && isBag(type, types) && makers.add(name))
  new Visitor({
    Identifier: node => {
      if (annotated(node, types)) names.add(node.name)
    },
    ObjectPattern: node => {
      if (annotated(node, types)) addRest(node, names)
      for (const one of node.properties)
        if (one.type === 'Property' && properties.has(nameOf(one.key) ?? ''))
          names.add(nameOf(one.value) ?? '')
    },
    PropertyDefinition: ({ key, typeAnnotation }) => {
      if (typeAnnotation && isBag(typeAnnotation, types)) names.add(`#${nameOf(key)}`)
    },
    FunctionDeclaration: ({ id, returnType }) => returns(id?.name, returnType),
    CallExpression: ({ callee, arguments: given }) => {
      for (const [i, one] of given.entries())
        if (one.type === 'Identifier' && takers.has(`${nameOf(callee)} ${i}`)) names.add(one.name)
    },
    VariableDeclarator: ({ id, init }) => {
      if (init) consts.push({ id, init })
      if (init?.type === 'ArrowFunctionExpression') returns(nameOf(id), init.returnType)
    },
  }).visit(program as never)
  for (let before = -1; before !== names.size; ) {
    before = names.size
    for (const { id, init } of consts) if (holdsBag(init, { names, makers, types })) addFrom(id)
  }
  return names

  function addFrom(id: Node) {
    if (id.type === 'Identifier') names.add(id.name)
    else addRest(id, names)
  }
}

type KnownBags = {
  readonly names: ReadonlySet<string>
  readonly makers: ReadonlySet<string>
  readonly types: ReadonlySet<string>
}

function holdsBag(init: Node, known: KnownBags): boolean {
  if (init.type === 'AwaitExpression') return holdsBag(init.argument, known)
  if (init.type === 'TSSatisfiesExpression' || init.type === 'TSAsExpression')
    return isBag(init.typeAnnotation, known.types) || holdsBag(init.expression, known)
  if (init.type === 'CallExpression') return known.makers.has(nameOf(init.callee) ?? '')
  const root = init.type === 'Identifier' ? init.name : thisField(init)
  return root !== undefined && (known.names.has(root) || BAG_NAME.test(root))
}

function annotated(node: object, types: ReadonlySet<string>): boolean {
  const { typeAnnotation } = node as { readonly typeAnnotation?: Node | null }
  return typeAnnotation ? isBag(typeAnnotation, types) : false
}

function addRest(pattern: Node, names: Set<string>): void {
  if (pattern.type !== 'ObjectPattern') return
  for (const one of pattern.properties)
    if (one.type === 'RestElement') names.add(nameOf(one.argument) ?? '')
}

const nameOf = (key: Node): string | undefined =>
  key.type === 'Identifier' || key.type === 'PrivateIdentifier' ? key.name : undefined

const thisField = (node: Node): string | undefined =>
  node.type === 'MemberExpression' && node.object.type === 'ThisExpression'
    ? `#${nameOf(node.property)}`
    : undefined

/** `given` of `given.some.thing`, and `#given` of `this.#given.thing`. */
function rootOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name
  if (node.type !== 'MemberExpression') return undefined
  return thisField(node) ?? rootOf(node.object)
}
