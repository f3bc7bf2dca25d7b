// The operator's table of which line is which customer's: CSV of `KEY,CUSTOMER`, read again when it changes.

import { statSync } from 'node:fs'
import { fileMark, wholeFileNow } from './whole-file.ts'

export class CustomerTable {
  readonly #path: string
  #read = ''
  #rows: ReadonlyMap<string, string> = new Map()

  constructor(path: string) {
    this.#path = path
  }

  get(key: string): string | undefined {
    return this.#rows.get(key.toLowerCase())
  }

  /** Whether it has changed since it was read last. Throws when it cannot be read; then it stays as it was. */
  refresh(): boolean {
    if (fileMark(statSync(this.#path)) === this.#read) return false
    const { bytes, mark } = wholeFileNow(this.#path)
    this.#rows = tableOf(bytes.toString('utf8'))
    this.#read = mark
    return true
  }
}

/** Lines of `KEY,CUSTOMER`; empty ones and those with # are left out. The last comma ends the key. */
export function tableOf(text: string): ReadonlyMap<string, string> {
  const rows = text.split('\n').map(line => line.trim())
  return new Map(
    rows.flatMap(row => {
      const comma = row.lastIndexOf(',')
      const [key, customer] = [row.slice(0, Math.max(0, comma)).trim(), row.slice(comma + 1).trim()]
      return row.startsWith('#') || key === '' || customer === ''
        ? []
        : [[key.toLowerCase(), customer] as const]
    }),
  )
}
