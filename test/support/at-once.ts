// Does a source answer at once or later: is a value asked whether it is a promise, does a function with a body return either, or is a
// promise awaited only where there is one?

import { type Node, parseSync, Visitor } from 'oxc-parser'

const ASKS = [
  /\binstanceof Promise\b|\btypeof [\w.?!()]*\.then\b|\bisPromise\b|['"]then['"] in /,
  // kept ? kept.then(…) : …
  /\b(\w+) \? \1\.then\(/,
  // if (turn) await turn; if (turn) { … turn.then(…) }
  /\bif \((\w+)\) await (?:this\.[\w.#]+\()?\1\b(?![.(])/,
  /\bif \((\w+)\) \{[^}]*\b\1\.then\(/,
  // named?.then(run) ?? run()
  /\?\.then\([^)]*\) \?\?/,
]

export function answersAtOnce(file: string, text: string): boolean {
  if (ASKS.some(one => one.test(text))) return true
  let found = false
  const look = ({
    returnType,
  }: {
    readonly returnType?: { readonly typeAnnotation: Node } | null
  }) => {
    if (returnType && isEither(returnType.typeAnnotation)) found = true
  }
  new Visitor({
    FunctionDeclaration: look,
    FunctionExpression: look,
    ArrowFunctionExpression: look,
  }).visit(parseSync(file, text).program)
  return found
}

/** `X | Promise<X>`, and `Promise<X> | undefined`. */
const isEither = (type: Node): boolean =>
  type.type === 'TSUnionType' &&
  type.types.some(
    one =>
      one.type === 'TSTypeReference' &&
      one.typeName.type === 'Identifier' &&
      one.typeName.name === 'Promise',
  )
