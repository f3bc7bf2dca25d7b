// `cordon order`: any order there is, by its fields. The other commands are more comfortable; this one knows every order that stands in the
// list.

import { Command } from 'commander'
import { DoubledKey, parseJson } from '../model/json.ts'
import { CONTRACTS, type Order } from '../orders/contract/orders.ts'
import { parseFields } from '../orders/parse-order.ts'
import { inWords } from '../orders/problem.ts'
import { type ControlOptions, order } from './control-client.ts'
import { UsageError } from './failures.ts'
import { whole } from './in-json.ts'
import { sayList } from './list-pages.ts'
import { controlOptions, sayingWhy, sayOutcome } from './shared-options.ts'
import { table } from './table.ts'

export function orderCommand(): Command {
  return controlOptions(
    new Command('order')
      .argument('[kind]', 'which order')
      .argument('[fields...]', 'FIELD=TEXT, or FIELD:=JSON for what is no text'),
  ).action(
    sayingWhy(
      async (kind: string | undefined, fields: readonly string[], options: ControlOptions) => {
        if (kind === undefined) sayList(options, whole(kinds()), listed)
        else sayOutcome(options, await order(options, orderFrom(kind, fields)))
      },
    ),
  )
}

/** Throws a sentence when it is none. */
export function orderFrom(kind: string, given: readonly string[]): Order {
  const said = given.map(fieldOf)
  const names = said.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    throw new UsageError(`${twice}: It is given more than once. Write each field once.`)
  const fields = Object.fromEntries(said)
  const parsed = parseFields(kind, fields)
  if ('problem' in parsed)
    throw new UsageError(`${inWords(parsed.problem)}${asJson(kind, fields, parsed.problem.field)}`)
  return parsed.order
}

/** `hours=2` is the text "2": said where the same as JSON would do. */
function asJson(kind: string, fields: Readonly<Record<string, unknown>>, name = ''): string {
  const text = fields[name]
  if (typeof text !== 'string') return ''
  try {
    const again = parseFields(kind, { ...fields, [name]: parseJson(text) })
    if ('problem' in again && again.problem.field === name) return ''
  } catch {
    return ''
  }
  return ` It is no text: write ${name}:=${text}.`
}

function fieldOf(given: string): readonly [string, unknown] {
  const [, name = '', json, text = ''] = /^([^=:]+)(:)?=(.*)$/su.exec(given) ?? []
  if (name === '') throw new UsageError(`${given}: Write FIELD=TEXT, or FIELD:=JSON.`)
  if (json === undefined) return [name, text]
  try {
    return [name, parseJson(text)]
  } catch (error) {
    if (error instanceof DoubledKey) throw new UsageError(`${name}: ${error.message}`)
    throw new UsageError(`${name}: ${text} is not JSON.`)
  }
}

type OrderKind = {
  readonly kind: string
  readonly fields: readonly string[]
  readonly optional: readonly string[]
  readonly about: string
}

function kinds(): readonly OrderKind[] {
  return CONTRACTS.filter(one => one.staffMay).map(({ kind, fields, about }) => ({
    kind,
    fields: Object.keys(fields.shape),
    optional: Object.entries(fields.shape).flatMap(([name, { def }]) =>
      def.type === 'optional' ? [name] : [],
    ),
    about,
  }))
}

function listed(all: readonly OrderKind[]): string {
  const rows = all.map(({ kind, fields, optional, about }) => [
    kind,
    fields.map(name => (optional.includes(name) ? `[${name}]` : name)).join(' ') || '-',
    about,
  ])
  return table(['ORDER', 'FIELDS', 'WHAT'], rows)
}
