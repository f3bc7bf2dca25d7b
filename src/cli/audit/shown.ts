// What `cordon audit` prints for people: a table of hosts, as wide as a screen, and below it what is to be mended. Of one host the list alone.

import { harmless } from '../table.ts'
import type { AuditFinding } from './all-checks.ts'
import { COLUMNS, STATES } from './audit-check.ts'

const WIDTH = 80
/** A name is cut at its front: its end says whose it is. */
const LEAST_NAME = 16

export type AuditRow = {
  readonly host: string
  readonly domain: string
  readonly outgoing: string
  readonly inbound: string
  readonly findings: readonly AuditFinding[]
}

const CELL = 3
const CELLS = { good: 'yes', note: '~', 'not-asked': '?', unknown: '?', wrong: 'NO' } as const

export function shownAudit(rows: readonly AuditRow[]): string {
  const [only] = rows
  const lists = rows.map(row => listOf(row, { isWhole: rows.length === 1 }))
  const all = rows.flatMap(({ findings }) => findings)
  const count = (state: AuditFinding['state']) => all.filter(one => one.state === state).length
  return [
    ...(rows.length > 1 ? [tableOf(rows), '', LEGEND, ''] : []),
    ...lists.filter(text => text !== '' || only === undefined),
    `To mend: ${count('wrong')}. Not known: ${count('unknown') + count('not-asked')}.`,
  ].join('\n')
}

const LEGEND = 'yes: good  ~: could be better  NO: to mend  ?: not known  -: does not apply'

function tableOf(rows: readonly AuditRow[]): string {
  const used = COLUMNS.filter(column =>
    rows.some(({ findings }) => findings.some(one => one.column === column)),
  )
  const taken = used.reduce((sum, column) => sum + 1 + Math.max(CELL, column.length), 0)
  const longest = Math.max(...rows.map(({ host }) => host.length))
  const width = Math.min(longest, Math.max(LEAST_NAME, WIDTH - taken))
  const line = (name: string, cells: readonly string[]) =>
    [
      name.padEnd(width),
      ...cells.map((cell, i) => cell.padEnd(Math.max(CELL, used[i]?.length ?? 0))),
    ]
      .join(' ')
      .trimEnd()
  return [
    line('HOST', used),
    ...rows.map(({ host, findings }) =>
      line(
        cutInFront(host, width),
        used.map(column => cellOf(findings, column)),
      ),
    ),
  ].join('\n')
}

const cutInFront = (name: string, width: number): string =>
  name.length > width ? `…${name.slice(name.length - width + 1)}` : name

function cellOf(findings: readonly AuditFinding[], column: string): string {
  const own = findings.filter(one => one.column === column)
  const worst = STATES.toReversed().find(state => own.some(one => one.state === state))
  return worst === undefined ? '-' : CELLS[worst]
}

const WORDS = {
  good: 'good',
  note: 'note',
  'not-asked': 'not known',
  unknown: 'not known',
  wrong: 'to mend',
} as const

/** Of many hosts only what is not good: the rest is in the table. What is wrong stands last, and stays on the screen. */
function listOf(row: AuditRow, { isWhole }: { readonly isWhole: boolean }): string {
  const { host, domain, outgoing, inbound, findings } = row
  const shown = STATES.flatMap(state =>
    findings.filter(
      one => one.state === state && (isWhole || state === 'wrong' || state === 'unknown'),
    ),
  )
  if (shown.length === 0) return ''
  const servers = [
    ...(domain === host ? [] : [`mail of ${domain}`]),
    ...(outgoing === host ? [] : [`outgoing ${outgoing}`]),
    ...(inbound === host ? [] : [`inbound ${inbound}`]),
  ]
  return [
    `${host}${servers.length > 0 ? ` (${harmless(servers.join(', '))})` : ''}`,
    ...shown.flatMap(({ check, state, said, mend }) => [
      ...inLines(`  ${WORDS[state].padEnd(11)}`, `${check}: ${harmless(said)}`),
      ...(mend === undefined || state === 'good' ? [] : inLines(INDENT, harmless(mend))),
    ]),
    '',
  ].join('\n')
}

const INDENT = ' '.repeat(13)

/** As wide as the screen; a longer word stands alone, so that it can be copied. */
function inLines(head: string, text: string): readonly string[] {
  const lines: string[] = []
  let line = head
  for (const word of text.split(' ')) {
    const isFirst = line.length === INDENT.length
    if (!isFirst && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = `${INDENT}${word}`
    } else line += isFirst ? word : ` ${word}`
  }
  return [...lines, line]
}
