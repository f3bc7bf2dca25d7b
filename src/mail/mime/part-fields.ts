// The fields that say what a part is: all of each name, because readers differ about which of two counts.

import type { Field } from '../header.ts'
import { StructuredField } from './structured-field.ts'

export type PartFields = {
  readonly types: readonly StructuredField[]
  readonly encodings: readonly Field[]
  readonly dispositions: readonly StructuredField[]
  /** Bytes of the fields. */
  readonly size: number
}

export function partFields(fields: readonly Field[]): PartFields {
  const types: StructuredField[] = []
  const encodings: Field[] = []
  const dispositions: StructuredField[] = []
  let size = 0
  for (const field of fields) {
    const { name } = field
    if (!name.startsWith('content-')) continue
    if (name === 'content-type') types.push(new StructuredField(field))
    else if (name === 'content-transfer-encoding') encodings.push(field)
    else if (name === 'content-disposition') dispositions.push(new StructuredField(field))
    else continue
    size += field.value.length
  }
  return { types, encodings, dispositions, size }
}
