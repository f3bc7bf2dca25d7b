// Finds bags that are called by a gerund (`ordering`, `notifying`): a variable, parameter or field whose type is a bag of parts, or a constant
// that is put together of variables at hand. A noun says what the whole is.

import { type Node, parseSync, Visitor } from 'oxc-parser'
import { isBag } from './spread-bags.ts'

const GERUND = /^(?!.*(?:[sS]tring|[tT]hing)$)\w{2,}ing$/
/** Fewer are a value, not a bag. */
const LEAST = 2

export function gerundBags(file: string, text: string, types: ReadonlySet<string>): string[] {
  const found: string[] = []
  const typed = (name: string, type: Node | null | undefined) => {
    if (GERUND.test(name) && type && isBag(type, types)) found.push(name)
  }
  new Visitor({
    Identifier: node => typed(node.name, annotationOf(node)),
    TSPropertySignature: ({ key, typeAnnotation }) => {
      if (key.type === 'Identifier') typed(key.name, typeAnnotation)
    },
    VariableDeclarator: ({ id, init }) => {
      if (id.type !== 'Identifier' || !GERUND.test(id.name) || annotationOf(id)) return
      if (init?.type !== 'ObjectExpression') return
      const atHand = init.properties.filter(one => one.type === 'Property' && one.shorthand)
      if (atHand.length >= LEAST) found.push(id.name)
    },
  }).visit(parseSync(file, text).program)
  return found
}

const annotationOf = (node: object): Node | null | undefined =>
  (node as { readonly typeAnnotation?: Node | null }).typeAnnotation
