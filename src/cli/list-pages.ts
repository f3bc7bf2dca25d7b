// Lists of a running Cordon on the command line: as many pages as it takes to have as many rows as were asked for, and a sentence when
// there are more.

import { type Command, InvalidArgumentError } from 'commander'
import type { Page } from '../model/page.ts'
import { ask, type ControlOptions } from './control-client.ts'
import { type ListedPage, sayJson } from './in-json.ts'
import { controlOptions } from './shared-options.ts'

export type ListOptions = ControlOptions & {
  /** Rows that are printed: `--limit`. */
  readonly limit: number
  readonly after?: string
}

/** Rows of one answer. */
const PER_ANSWER = 1000

export function listOptions(command: Command): Command {
  return controlOptions(
    command
      .option('--limit <n>', 'largest number of rows, or "all"', limitOf, PER_ANSWER)
      .option(
        '--after <place>',
        'continue a truncated list; the value is `next` of the list before',
      ),
  )
}

/** `query`: what else is asked. */
export async function askList<T>(
  options: ListOptions,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<ListedPage<T>> {
  const rows: T[] = []
  let total: number | undefined
  let next = options.after
  do {
    const limit = String(Math.min(PER_ANSWER, options.limit - rows.length))
    const asked = new URLSearchParams({
      ...query,
      limit,
      ...(next === undefined ? {} : { after: next }),
    })
    const page = await ask<Page<T>>(options, `${path}?${asked.toString()}`)
    rows.push(...page.rows)
    total = page.total
    next = page.next
  } while (next !== undefined && rows.length < options.limit)
  return {
    rows,
    truncated: next !== undefined,
    ...(total === undefined ? {} : { total }),
    ...(next === undefined ? {} : { next }),
  }
}

/** What is cut is said on standard error: programs read the rest. */
export function sayList<T>(
  { json, after }: ControlOptions & { readonly after?: string },
  listed: ListedPage<T>,
  shown: (rows: readonly T[]) => string,
): void {
  if (json) sayJson(listed)
  else if (after !== undefined && listed.rows.length === 0)
    console.log(`The list ends before ${after}: nothing stands behind it.`)
  else console.log(shown(listed.rows))
  if (listed.next === undefined) return
  const count = (n: number) => n.toLocaleString('en')
  const of = listed.total === undefined ? '' : ` of ${count(listed.total)}`
  console.error(
    `cordon: ${count(listed.rows.length)}${of} are shown; there are more: --after '${listed.next}', or --limit all.`,
  )
}

function limitOf(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write how many, or "all".')
  return Number(text)
}
