// What a setting may be, as the table of the configuration says it: the words of an enum, the bounds of a number or a duration.

import { unwrap } from '../../src/config/schema-complaints.ts'

type Open = {
  readonly def?: { readonly type?: string; readonly entries?: Readonly<Record<string, string>> }
  readonly minValue?: number
  readonly maxValue?: number
  readonly element?: unknown
  safeParse(value: unknown): {
    readonly error?: { readonly issues: readonly { readonly message: string }[] }
  }
}

/** Empty for text: what it may be is in its meaning. */
export function valuesOf(schema: unknown): string {
  const open = unwrap(schema) as Open
  switch (open.def?.type) {
    case 'enum':
      return Object.keys(open.def.entries ?? {}).join(', ')
    case 'boolean':
      return 'true, false'
    case 'number':
      return `${open.minValue} to ${open.maxValue}`
    case 'array':
      return (unwrap(open.element) as Open).def?.type === 'enum' ? valuesOf(open.element) : ''
    default:
      return spanOf(open)
  }
}

/** Bounds of a duration stand in what is said of a wrong one. */
function spanOf(open: Open): string {
  const message = open.safeParse(Symbol.iterator).error?.issues[0]?.message ?? ''
  const [, from, to, more = ''] =
    /^Write a duration from (\S+) to ([^\s,]+)(?:, such as 1h, or (.*))?/.exec(message) ?? []
  return from === undefined ? '' : [`${from} to ${to}`, more].filter(Boolean).join(', ')
}
