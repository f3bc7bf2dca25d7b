// Finds the numbers and booleans, and the texts, choices and lists of such, of types of settings, at any depth, with the comment above each.

import { type Comment, type Node, parseSync, Visitor } from 'oxc-parser'
import type { SettingTypes } from './setting-types.ts'

export type SettingField = {
  /** `LoopSettings.atOnce` */
  readonly name: string
  readonly comment: string | undefined
  /** A number or a boolean; otherwise a text, a choice or a list of such. */
  readonly isPlain: boolean
  /** Of a choice: what may be chosen. */
  readonly words: readonly string[]
}

export function settingFields(
  file: string,
  text: string,
  { settings, choiceIn }: SettingTypes,
): SettingField[] {
  const { program, comments } = parseSync(file, text)
  const fields: SettingField[] = []
  const within = (type: string, from: Node) => {
    const isWhole = settings.has(`${file} ${type}`)
    if (!isWhole && !type.endsWith('Parts')) return
    new Visitor({
      TSPropertySignature: ({ key, typeAnnotation, start }) => {
        const field = key.type === 'Identifier' ? key.name : text.slice(key.start, key.end)
        const of = typeAnnotation?.typeAnnotation
        if (!of) return
        const words = choiceIn(of)
        // Of parts, choices of which one word is off: such as the mode of a rule.
        const isMeant = isWhole
          ? isPlain(of) || isText(of) || words.length > 0
          : words.includes('off')
        if (isMeant)
          fields.push({
            name: `${type}.${field}`,
            comment: commentAbove(comments, text, start),
            isPlain: isPlain(of),
            words,
          })
      },
    }).visit({ type: 'Program', body: [from] } as never)
  }
  new Visitor({
    TSTypeAliasDeclaration: node => within(node.id.name, node),
    TSInterfaceDeclaration: node => within(node.id.name, node),
  }).visit(program)
  return fields
}

/** Whether it is one of these types, a list of them, or one of them that may be absent. */
function isMadeOf(type: Node, isOne: (type: Node) => boolean): boolean {
  switch (type.type) {
    case 'TSArrayType':
      return isMadeOf(type.elementType, isOne)
    case 'TSTypeOperator':
    case 'TSParenthesizedType':
      return isMadeOf(type.typeAnnotation, isOne)
    case 'TSUnionType':
      return type.types.some(one => isMadeOf(one, isOne))
    default:
      return isOne(type)
  }
}

/** A number or a boolean. */
const isPlain = (type: Node): boolean =>
  isMadeOf(type, one => one.type === 'TSNumberKeyword' || one.type === 'TSBooleanKeyword')

/** A text, or a choice that is written out. */
const isText = (type: Node): boolean =>
  isMadeOf(
    type,
    one =>
      one.type === 'TSStringKeyword' ||
      one.type === 'TSLiteralType' ||
      one.type === 'TSIndexedAccessType',
  )

const commentAbove = (
  comments: readonly Comment[],
  text: string,
  start: number,
): string | undefined =>
  comments
    .find(({ end }) => end <= start && text.slice(end, start).trim() === '')
    ?.value.replaceAll(/\s*\n\s*\*?\s*/g, ' ')
