// Finds the numbers and booleans of types of settings, at any depth, with the comment that stands above each.

import { type Comment, type Node, parseSync, Visitor } from 'oxc-parser'

const SETTINGS = /(?:Settings|Options|Limits|Budgets|Caps)$/

export type SettingField = {
  /** `LoopSettings.atOnce` */
  readonly name: string
  readonly comment: string | undefined
}

export function settingFields(file: string, text: string): SettingField[] {
  const { program, comments } = parseSync(file, text)
  const fields: SettingField[] = []
  const within = (type: string, from: Node) => {
    new Visitor({
      TSPropertySignature: ({ key, typeAnnotation, start }) => {
        const field = key.type === 'Identifier' ? key.name : text.slice(key.start, key.end)
        if (typeAnnotation && isPlain(typeAnnotation.typeAnnotation))
          fields.push({ name: `${type}.${field}`, comment: commentAbove(comments, text, start) })
      },
    }).visit({ type: 'Program', body: [from] } as never)
  }
  new Visitor({
    TSTypeAliasDeclaration: node => {
      if (SETTINGS.test(node.id.name)) within(node.id.name, node)
    },
    TSInterfaceDeclaration: node => {
      if (SETTINGS.test(node.id.name)) within(node.id.name, node)
    },
  }).visit(program)
  return fields
}

/** A number, a boolean, a list of such, or one of them that may be absent. */
function isPlain(type: Node): boolean {
  switch (type.type) {
    case 'TSNumberKeyword':
    case 'TSBooleanKeyword':
      return true
    case 'TSArrayType':
      return isPlain(type.elementType)
    case 'TSTypeOperator':
    case 'TSParenthesizedType':
      return isPlain(type.typeAnnotation)
    case 'TSUnionType':
      return type.types.some(isPlain)
    default:
      return false
  }
}

const commentAbove = (
  comments: readonly Comment[],
  text: string,
  start: number,
): string | undefined =>
  comments
    .find(({ end }) => end <= start && text.slice(end, start).trim() === '')
    ?.value.replaceAll(/\s*\n\s*\*?\s*/g, ' ')
