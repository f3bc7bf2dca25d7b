// What a setting may be, as the table of the configuration says it: the words of an enum, the bounds of a number or a duration, and of text
// what the sentence about a wrong one says.

import { unwrap } from '../../src/config/schema-complaints.ts'

type Bound = { readonly check: string; readonly inclusive?: boolean }

type Open = {
  readonly def?: {
    readonly type?: string
    readonly entries?: Readonly<Record<string, string>>
    readonly checks?: readonly { readonly _zod: { readonly def: Bound } }[]
  }
  readonly minValue?: number
  readonly maxValue?: number
  readonly element?: unknown
  safeParse(value: unknown): {
    readonly error?: { readonly issues: readonly { readonly message: string }[] }
  }
}

/** Empty where its meaning says all: sections and lists of sections. */
export function valuesOf(schema: unknown): string {
  const open = unwrap(schema) as Open
  switch (open.def?.type) {
    case 'enum':
      return Object.keys(open.def.entries ?? {}).join(', ')
    case 'boolean':
      return 'true, false'
    case 'number':
      return `${isAbove(open) ? 'more than ' : ''}${open.minValue} to ${open.maxValue}`
    case 'array':
      return listOf(open.element)
    case 'string':
      return spanOf(open) || textOf(open)
    default:
      return spanOf(open)
  }
}

/** The least value itself is refused. */
const isAbove = ({ def }: Open): boolean =>
  (def?.checks ?? []).some(
    ({ _zod: { def: bound } }) => bound.check === 'greater_than' && bound.inclusive === false,
  )

function listOf(element: unknown): string {
  const each = valuesOf(element)
  if (each === '' || (unwrap(element) as Open).def?.type === 'enum') return each
  return `list; each: ${each}`
}

/** Without its examples. */
function textOf(open: Open): string {
  const [, what = ''] =
    /^Write (?:an? |the )?(.*?)(?:, such as .*|\.)?$/.exec(messageOf(open)) ?? []
  return what
    .replace(/^one line of at most (\d+) characters, which is not empty$/, '1 to $1 characters')
    .replaceAll('|', '\\|')
}

const messageOf = (open: Open): string =>
  open.safeParse(Symbol.iterator).error?.issues[0]?.message ?? ''

/** Bounds of a duration stand in what is said of a wrong one. */
function spanOf(open: Open): string {
  const message = messageOf(open)
  const [, from, to, more = ''] =
    /^Write a duration from (\S+) to ([^\s,]+)(?:, such as 1h, or (.*))?/.exec(message) ?? []
  return from === undefined ? '' : [`${from} to ${to}`, more].filter(Boolean).join(', ')
}
