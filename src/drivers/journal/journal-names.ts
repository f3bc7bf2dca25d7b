// What the journal's files are called: the hour in UTC, and a number from the second file of that hour on. In the order of their names
// they are in the order of time.

/** A file of the journal, whole or not. */
export const JOURNAL_FILE = /^\d{10}(?:-\d{3,})?\.jsonl\.gz$/

/** `2026112115` for any time between 15:00 and 16:00 UTC on that day. */
export const stampOf = (at: number): string =>
  new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '')

export const partName = (stamp: string, part: number): string =>
  `${stamp}${part === 0 ? '' : `-${String(part).padStart(3, '0')}`}.jsonl.gz`

/** The hour of a file. */
export const hourOf = (name: string): string => name.slice(0, 10)

/** In the order in which they were written: `-001` follows the file without a number, though it sorts before the dot. */
export const inOrder = (names: readonly string[]): string[] =>
  names.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))

const orderOf = (name: string) => name.replace(/^(\d{10})\./, '$1-000.')
