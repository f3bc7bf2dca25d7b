// A list of customers as CSV (RFC 4180, without line ends in a cell): a first line that names the columns, cells that may stand in quotes, and a
// newline at the end. Half a file is none: whatever cut it off, the customers that are not in it any more would be taken out. Every mistake
// names its line.

const COLUMNS = ['id', 'plan', 'flags', 'language', 'contacts', 'logins'] as const
/** Without them a list says nothing of any customer, or that no customer has a login any more. */
const WANTED = ['id', 'logins'] as const

export type CsvRow = {
  readonly where: string
  readonly row: Readonly<Record<string, string>>
}

/** Throws a sentence for the first line that is wrong. */
export function customersCsv(text: string): readonly CsvRow[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => line.replace(/\r$/, ''))
  const bad = (at: number, what: string) => new Error(`line ${at + 1}: ${what}`)
  if (lines.at(-1) !== '')
    throw bad(lines.length - 1, 'there is no newline at its end, so the file may be cut off')
  let names: readonly string[] | undefined
  const rows: CsvRow[] = []
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const cells = cellsOf(line)
    if (!cells) throw bad(at, 'a quote is not closed, or stands in the middle of a cell')
    if (!names) {
      names = cells.map(name => name.toLowerCase())
      const wrong = wrongWith(names)
      if (wrong !== undefined) throw bad(at, wrong)
      continue
    }
    if (cells.length !== names.length)
      throw bad(
        at,
        `there are ${cells.length} cells, and ${names.length} columns; a row that is cut off is half a file`,
      )
    const row = Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
    rows.push({ where: `line ${at + 1}: `, row })
  }
  if (!names) throw bad(0, `it names no columns; write ${COLUMNS.join(',')}`)
  return rows
}

function wrongWith(names: readonly string[]): string | undefined {
  const known: ReadonlySet<string> = new Set(COLUMNS)
  const strange = names.find(name => !known.has(name))
  if (strange !== undefined)
    return `there is no column ${JSON.stringify(strange)}; the columns are ${COLUMNS.join(',')}`
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) return `the column ${twice} is there twice`
  const missing = WANTED.find(name => !names.includes(name))
  return missing === undefined
    ? undefined
    : `the column ${missing} is missing; leave its cells empty where there is nothing to write`
}

/** Undefined when a quote is where none may be. */
function cellsOf(line: string): readonly string[] | undefined {
  const cells: string[] = []
  for (let at = 0; ; ) {
    const begin = skipBlanks(line, at)
    if (line[begin] !== '"') {
      const comma = line.indexOf(',', at)
      const cell = line.slice(at, comma < 0 ? line.length : comma)
      if (cell.includes('"')) return undefined
      cells.push(cell.trim())
      if (comma < 0) return cells
      at = comma + 1
      continue
    }
    const end = closingQuote(line, begin + 1)
    if (end < 0) return undefined
    cells.push(
      line
        .slice(begin + 1, end)
        .replaceAll('""', '"')
        .trim(),
    )
    const next = skipBlanks(line, end + 1)
    if (next === line.length) return cells
    if (line[next] !== ',') return undefined
    at = next + 1
  }
}

function skipBlanks(line: string, from: number): number {
  let at = from
  while (line[at] === ' ' || line[at] === '\t') at++
  return at
}

/** A quote that is doubled is one of the cell. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from)
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2)
  return at
}
