// Which functions give a promise or something else: the type checker says it, so that what is only inferred, or follows from the type of
// the place where a function stands, is seen, too. TypeScript calls this interface unstable; its version is pinned.

import { type Node, SyntaxKind } from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API, type Checker, type Program, type Type } from 'typescript/unstable/sync'

/** Where a function stands, and what it gives. */
export type EitherResult = { readonly file: string; readonly line: number; readonly gives: string }

/** Of all files whose path fits. */
export function eitherResults(isMeant: (file: string) => boolean): readonly EitherResult[] {
  const folder = `${process.cwd()}/`
  return withProgram({ cwd: process.cwd() }, 'tsconfig.json', (program, checker) =>
    program
      .getSourceFileNames()
      .filter(name => name.startsWith(folder) && isMeant(name.slice(folder.length)))
      .flatMap(name =>
        inFile({ program, checker }, name).map(one => ({
          ...one,
          file: name.slice(folder.length),
        })),
      ),
  )
}

/** What the functions of each text give that give either. */
export function eitherResultsIn(texts: readonly string[]): readonly (readonly string[])[] {
  const options = { target: 'es2025', lib: ['es2025'], types: [], strict: true }
  const files = Object.fromEntries(texts.map((text, i) => [`/planted/${i}.ts`, text]))
  const config = JSON.stringify({ compilerOptions: options, files: Object.keys(files) })
  const fs = createVirtualFileSystem({ ...files, '/planted/tsconfig.json': config })
  return withProgram({ cwd: '/planted', fs }, '/planted/tsconfig.json', (program, checker) =>
    Object.keys(files).map(name => inFile({ program, checker }, name).map(({ gives }) => gives)),
  )
}

function withProgram<T>(
  options: ConstructorParameters<typeof API>[0],
  config: string,
  look: (program: Program, checker: Checker) => T,
): T {
  const api = new API(options)
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (!project) throw new Error(`${config} was not read`)
    return look(project.program, project.checker)
  } finally {
    api.close()
  }
}

const FUNCTIONS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ArrowFunction,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.MethodDeclaration,
])

type Typed = { readonly program: Program; readonly checker: Checker }

function inFile({ program, checker }: Typed, name: string): Omit<EitherResult, 'file'>[] {
  const source = program.getSourceFile(name)
  if (!source) throw new Error(`${name} is not in the program`)
  const found: Omit<EitherResult, 'file'>[] = []
  const visit = (node: Node): void => {
    if (FUNCTIONS.has(node.kind) && 'body' in node && node.body && !isFlattened(node)) {
      const signature = checker.getSignatureFromDeclaration(node)
      const result = signature && checker.getReturnTypeOfSignature(signature)
      if (result && isEither(result)) {
        const line = source.text.slice(0, node.getStart()).split('\n').length
        found.push({ line, gives: checker.typeToString(result) })
      }
    }
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

/** `X | Promise<X>`, and `Promise<X> | undefined`. */
function isEither(type: Type): boolean {
  if (!type.isUnionType()) return false
  const names = type.getTypes().map(one => one.getSymbol()?.name)
  return names.includes('Promise') && names.some(name => name !== 'Promise')
}

/** It is given to `then`, which waits for either, or to `flatMap`, which takes what is there. */
function isFlattened({ parent }: Node): boolean {
  if (parent?.kind !== SyntaxKind.CallExpression) return false
  const [callee] = childrenOf(parent)
  return callee !== undefined && /\.(?:then|flatMap)$/.test(callee.getText())
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = []
  node.forEachChild(child => void children.push(child))
  return children
}
