// CSV (RFC 4180, without line ends in a cell) as lists from the provider's own systems have it: a first line that names the columns, cells that
// may stand in quotes, and a newline at the end. Half a file is none: whatever cut it off, what is not in it would be taken for gone, or for
// never ended. Every mistake has its line.

type CsvColumns = {
  /** All there may be, in the usual order. */
  readonly known: readonly string[]
  /** Those without which a row says nothing. */
  readonly wanted: readonly string[]
}

type CsvRow = {
  /** Counted from 1. */
  readonly line: number
  /** By the names of the columns, in small letters. */
  readonly cells: Readonly<Record<string, string>>
}

/** `what`: without a full stop. */
export type Mistake = { readonly line: number; readonly what: string }

type Csv = { readonly rows: readonly CsvRow[]; readonly mistakes: readonly Mistake[] }

type Lines = {
  /** Without those that are empty or a note, counted from 1. */
  readonly lines: readonly { readonly line: number; readonly written: string }[]
  readonly mistakes: readonly Mistake[]
}

/** Of any list with a row on each line. Without a newline at its end it may have lost some, and the end of its last. */
export function linesOf(text: string): Lines {
  const all = text.replace(/^\uFEFF/, '').split('\n')
  const lines = all
    .map((written, i) => ({ line: i + 1, written: written.replace(/\r$/, '') }))
    .filter(({ written }) => written.trim() !== '' && !written.startsWith('#'))
  const what = 'there is no newline at its end, so the file may be cut off'
  return { lines, mistakes: all.at(-1) === '' ? [] : [{ line: all.length, what }] }
}

export function readCsv(text: string, columns: CsvColumns): Csv {
  const { lines, mistakes: cutOff } = linesOf(text)
  const rows: CsvRow[] = []
  const mistakes: Mistake[] = []
  let names: readonly string[] | undefined
  for (const { line, written } of lines) {
    const cells = cellsOf(written)
    if (!cells) {
      mistakes.push({ line, what: 'a quote is not closed, or stands in the middle of a cell' })
      // Without its columns no row can be read.
      if (!names) return { rows, mistakes }
      continue
    }
    if (!names) {
      names = cells.map(name => name.toLowerCase())
      const wrong = wrongColumns(names, columns)
      if (wrong.length > 0) return { rows, mistakes: wrong.map(what => ({ line, what })) }
      continue
    }
    const named = names
    if (cells.length === named.length)
      rows.push({
        line,
        cells: Object.fromEntries(named.map((name, at) => [name, cells[at] ?? ''])),
      })
    else {
      const what = `there are ${cells.length} cells, and ${named.length} columns; ${HALF}`
      mistakes.push({ line, what })
    }
  }
  mistakes.push(...cutOff)
  if (!names)
    mistakes.push({ line: 1, what: `it names no columns; write ${columns.known.join(',')}` })
  return { rows, mistakes }
}

export const HALF = 'a row that is cut off is half a file'

/** That many are said, and of more only how many there are. */
const SAID = 20

/** All of them in the order of their lines, `leases.csv:3: …`, one on each line; undefined without any. */
export function mistakesIn(file: string, mistakes: readonly Mistake[]): string | undefined {
  if (mistakes.length === 0) return undefined
  const said = mistakes
    .toSorted((a, b) => a.line - b.line)
    .slice(0, SAID)
    .map(({ line, what }) => `${file}:${line}: ${what}.`)
  const more = mistakes.length - said.length
  return [...said, ...(more > 0 ? [`and ${more.toLocaleString('en-US')} more.`] : [])].join('\n')
}

function wrongColumns(names: readonly string[], { known, wanted }: CsvColumns): string[] {
  const strange = names.filter(name => !known.includes(name))
  const twice = names.filter((name, i) => names.indexOf(name) === i && names.includes(name, i + 1))
  const missing = wanted.filter(name => !names.includes(name))
  return [
    ...strange.map(
      name => `there is no column ${JSON.stringify(name)}; the columns are ${known.join(',')}`,
    ),
    ...twice.map(name => `the column ${name} is there twice`),
    ...missing.map(
      name =>
        `the column ${name} is missing; leave its cells empty where there is nothing to write`,
    ),
  ]
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
