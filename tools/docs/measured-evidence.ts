// What `cordon simulate` printed, as tables for docs/evidence.md. Each line of it is a row, a heading of a table or words about one.

import { readFileSync } from 'node:fs'

const MEASURED = 'docs/evidence-measured.txt'

export const measuredEvidence = (): string =>
  readFileSync(MEASURED, 'utf8').trimEnd().split('\n').map(asMarkdown).join('\n')

function asMarkdown(line: string, i: number, all: readonly string[]): string {
  if (!line.includes(' | ')) return `${i === 0 ? '' : '\n'}${line}\n`
  const row = `| ${line} |`
  const isHeading = !all[i - 1]?.includes(' | ')
  return isHeading
    ? `${row}\n${line
        .split(' | ')
        .map(() => '|---')
        .join('')}|`
    : row
}
