// A mutation applied to the text of its file: once, so that something is changed, and so that it still can be read as TypeScript.

import { stripTypeScriptTypes } from 'node:module'
import type { Mutation } from '../../test/mutations/mutation.ts'

export type Mutated = { readonly text: string } | { readonly broken: string }

export function mutate(
  text: string,
  { find, replace, file }: Pick<Mutation, 'find' | 'replace'> & Partial<Pick<Mutation, 'file'>>,
): Mutated {
  const places = find === '' ? 0 : text.split(find).length - 1
  if (places !== 1) return { broken: `what it replaces stands there ${places} times, not once` }
  const changed = text.replace(find, () => replace)
  if (withoutSpace(changed) === withoutSpace(text)) return { broken: 'it changes nothing' }
  // A script of a shell is no TypeScript.
  if (file !== undefined && !file.endsWith('.ts')) return { text: changed }
  try {
    stripTypeScriptTypes(changed)
  } catch (error) {
    return { broken: `it does not parse: ${String(error).split('\n')[0]}` }
  }
  return { text: changed }
}

const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, ' ')
