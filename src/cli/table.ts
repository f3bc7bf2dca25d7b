// Tables for people: columns as wide as they need to be, nothing else.

/** Prints rows under a head; the last column may be as long as it likes. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map(row => row.map(harmless))]
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

/** Some of what we print others have written: remote servers' answers, subjects, names. It must not command a terminal. */
export const harmless = (text: string): string =>
  text.replace(/\p{Cc}/gu, one => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** `2026-11-21T07:15:09Z` (RFC 3339). */
export function when(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
