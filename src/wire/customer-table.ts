// The operator's table of which line is which customer's: CSV of `KEY,CUSTOMER`, read again when it changes.

import { wordsOf } from '../model/errors.ts'
import type { Worry } from './sensor.ts'
import { statSync } from 'node:fs'
import { HALF, linesOf, type Mistake, mistakesIn } from '../model/csv.ts'
import { fileMark, wholeFileNow } from './whole-file.ts'

export class CustomerTable {
  readonly #path: string
  #looked = ''
  /** Undefined until a whole one was read. */
  #rows: Rows | undefined
  #inForce = ''
  #refused: string | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Whether a whole one was ever read. */
  get isRead(): boolean {
    return this.#rows !== undefined
  }

  /** Why the file as it is now is not in force. */
  get refused(): string | undefined {
    return this.#refused
  }

  get(key: string): string | undefined {
    return this.#rows?.get(spelled(key))
  }

  /**
   * Whether it has changed since it was read last. Throws when it cannot be read, or is not whole; then it stays as it was, and is looked at
   * again when it changes. Before any was read it throws each time: without it nothing is known of any line.
   */
  refresh(): boolean {
    try {
      return this.#refreshed()
    } catch (error) {
      this.#refused = wordsOf(error)
      throw error
    }
  }

  #refreshed(): boolean {
    if (this.#rows) {
      const now = fileMark(statSync(this.#path))
      // It is there again as it was.
      if (now === this.#inForce) this.#refused = undefined
      if (now === this.#looked) return false
    }
    const { bytes, mark } = wholeFileNow(this.#path)
    this.#looked = mark
    const { rows, wrong } = customersIn(bytes.toString('utf8'), this.#path)
    if (wrong !== undefined) throw new Error(wrong)
    this.#rows = rows
    this.#inForce = mark
    this.#refused = undefined
    return true
  }
}

/** For an operator: the last one stays in force, if there was any. */
export function refusedTable(
  path: string | undefined,
  table: Pick<CustomerTable, 'refused' | 'isRead'> | undefined,
): Worry[] {
  if (path === undefined || table?.refused === undefined) return []
  const words = `${table.isRead ? 'the last one stays in force' : 'there was no other'}: ${table.refused}`
  return [{ what: 'table refused', about: path, words }]
}

type Rows = ReadonlyMap<string, string>

const spelled = (key: string): string => key.toLowerCase()

/**
 * Lines of `KEY,CUSTOMER`; empty ones and those with # are left out. The last comma ends the key. `wrong`: every mistake with its line; such a
 * table is not used, because half a number of a customer is another's.
 */
export function customersIn(
  text: string,
  file: string,
  spelling: (key: string) => string = spelled,
): { readonly rows: Rows; readonly wrong: string | undefined } {
  const { lines, mistakes: cutOff } = linesOf(text)
  const mistakes: Mistake[] = []
  const found = new Map<string, { readonly customer: string; readonly line: number }>()
  if (text === '') mistakes.push({ line: 1, what: 'it is empty; write a line with # at least' })
  for (const { line, written } of lines) {
    const row = written.trim()
    if (row.startsWith('#')) continue
    const comma = row.lastIndexOf(',')
    const [key, customer] = [row.slice(0, Math.max(0, comma)).trim(), row.slice(comma + 1).trim()]
    const before = found.get(spelling(key))
    if (key === '' || customer === '')
      mistakes.push({ line, what: `it is not KEY,CUSTOMER; ${HALF}` })
    else if (before && before.customer !== customer)
      mistakes.push({ line, what: `${key} is another customer's in line ${before.line}` })
    else found.set(spelling(key), { customer, line })
  }
  const rows = new Map([...found].map(([key, { customer }]) => [key, customer]))
  return { rows, wrong: mistakesIn(file, [...mistakes, ...cutOff]) }
}
