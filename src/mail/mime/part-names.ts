// The names of an attachment, by all fields that may say one.

import { fileName } from '../file-extension.ts'
import type { ReadingBudget } from '../reading-budget.ts'
import type { PartFields } from './part-fields.ts'
import { parameters } from './parameters.ts'
import { nameByFields } from './program-types.ts'

const MAX_NAME = 255
/** No honest field has so many signs that are no name: they may hide a name that was cut off before them. */
const MANY = 90

export type PartNames = {
  /** The empty name alone: the part is an attachment without a name. */
  readonly names: readonly string[]
  /** Some names were not read. */
  readonly tooMany: boolean
  /** Some names are in a character set that Cordon does not know. */
  readonly foreign: boolean
}

const NONE: PartNames = { names: [], tooMany: false, foreign: false }

export function partNames({ types, dispositions }: PartFields, budget: ReadingBudget): PartNames {
  const fields = dispositions.length === 0 ? types : [...types, ...dispositions]
  const { values, foreign, ...read } = parameters(fields, 'name', budget)
  const unnamed = values.size === 0 ? nameByFields(types) : undefined
  if (unnamed !== undefined) return { ...NONE, names: [unnamed], foreign, tooMany: read.tooMany }
  if (values.size === 0 && dispositions.length === 0) return NONE
  let { tooMany } = read
  const names = new Set<string>()
  for (const value of values) {
    const [name = '', ...others] = nameReadings(value)
    if (name === '') continue
    names.add(name)
    if (name.length >= MANY && fileName(name) === '') tooMany = true
    for (const one of others) names.add(one)
  }
  const isAttached = dispositions.some(({ value }) => /^[\s"']{0,9}attachment/i.test(value))
  if (names.size === 0 && (isAttached || values.size > 0)) names.add('')
  return { names: [...names], tooMany, foreign }
}

/** The first is the name itself, as it is kept. */
export function nameReadings(value: string): readonly string[] {
  const name = lastOf(value.trim())
  // As a folder's name it has no file name; some programs cut these signs off.
  const folder = /[/\\]$/.test(name) ? [name.slice(0, namedEnd(name))] : []
  return [name, ...folder, ...readingsOf(name)]
}

/**
 * Some programs leave a control character out, some end a name there; two readings of UTF-16 are two lines. A character that is not whole
 * takes what stands behind it with it, for some.
 */
function readingsOf(name: string): readonly string[] {
  if (!ODD.test(name)) return []
  const found = name.split(SPLITTING)
  if (HAS_CONTROL.test(name)) found.push(name.replace(CONTROL, ''))
  for (const one of found.slice()) found.push(one.replace(CONTROL, ''), one.replace(BROKEN_END, ''))
  return found.filter(one => one !== '' && one !== name)
}

function namedEnd(name: string): number {
  let end = name.length
  while (end > 0 && /[/\\\s.]/.test(name[end - 1] as string)) end--
  return end
}

/** The end of a long name, without the signs behind it that do not count: they must not push the rest out. */
const lastOf = (value: string): string =>
  value.length <= MAX_NAME ? value : fileName(value).slice(-MAX_NAME)

const HAS_CONTROL = /\p{Cc}/u
const CONTROL = /\p{Cc}+/gu
const ODD = /[\p{Cc}\ufffd]/u
const BROKEN_END = /\ufffd[^.]{0,2}$/u
const SPLITTING = /[\0\r\n]+/
