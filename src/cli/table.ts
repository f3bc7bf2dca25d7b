// Tables for people: columns as wide as they need to be, and no wider than a screen. What is cut ends in `…`; --json has it in full.

/** Characters of a cell, and of one in the last column, where the words of others stand. */
const WIDEST = 120
const WIDEST_LAST = 500

/** Prints rows under a head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [
    head,
    ...rows.map(row => row.map((cell, i) => cut(harmless(cell), i === row.length - 1))),
  ]
  const widths = head.map((_, column) => Math.max(...all.map(row => (row[column] ?? '').length)))
  return all
    .map(row =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cut(cell: string, isLast: boolean): string {
  const most = isLast ? WIDEST_LAST : WIDEST
  // Half a character is none.
  return cell.length > most ? `${cell.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : cell
}

/** Strangers wrote some of what is printed: remote servers' answers, subjects, names. It must not command a terminal. */
export const harmless = (text: string): string =>
  text.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    one => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )

/** `1.5 MB`, in the megabytes of disks. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** `2026-11-21T07:15:09Z` (RFC 3339). */
export function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
