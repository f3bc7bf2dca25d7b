// Whether what a file has lost is exactly its end: then it was cut off between two lines, and has every right form. Only more than one entry
// counts: the last one of a file may be taken out on purpose, as any other. Pure.

import { fnv1a } from '../model/fnv-1a.ts'

/** Characters of one mark. */
const WIDTH = 3
const RADIX = 36

/**
 * A mark of each entry's name, one after the other. Two names have the same one once in forty-six thousand: enough to see whether the
 * beginning of a list is as it was, and too little to say what it was.
 */
export const marksOf = (names: readonly string[]): string => names.map(markOf).join('')

const markOf = (name: string): string =>
  (fnv1a(name) % RADIX ** WIDTH).toString(RADIX).padStart(WIDTH, '0')

type Layout = readonly (readonly [string, string])[]

/** In words; undefined when the file is not a beginning of what it was, or where one of the two is not known. */
export function tailLost(
  before: Layout | undefined,
  after: Layout | undefined,
): string | undefined {
  if (!before || !after || after.length > before.length) return undefined
  const last = after.length - 1
  const isBeginning = after.every(([key, marks], i) => {
    const [was, all] = before[i] ?? ['', '']
    return key === was && (i === last ? all.startsWith(marks) : all === marks)
  })
  if (!isBeginning) return undefined
  const lost = entriesIn(before) - entriesIn(after)
  if (lost <= 1) return undefined
  const key = before[last]?.[0]
  return `the last ${lost} entries of the file, behind ${key === undefined ? 'its beginning' : `those of ${key}`} that are left, are gone: it may have been cut off`
}

const entriesIn = (layout: Layout): number =>
  layout.reduce((sum, [, marks]) => sum + marks.length / WIDTH, 0)
