// Sources that tell of leases and of traffic of lines, as staff read of them.

import { formatDuration, SECOND } from '../model/duration.ts'
import type { NetworkStatus } from '../ports/reading.ts'
import { table, when } from './table.ts'

export function shown({ tellers, exporters, worries }: NetworkStatus): string {
  const rows = tellers.map(({ kind, name, offset, settled, heardAt }) => [
    kind,
    name,
    heardAt === 0 ? 'never' : when(heardAt),
    offset === undefined ? '-' : clockOf(offset, settled),
  ])
  const clocks =
    rows.length === 0
      ? 'No access server, exporter or log has sent anything yet.'
      : table(['SOURCE', 'NAME', 'LAST HEARD', 'CLOCK'], rows)
  const parts = exporters.length === 0 ? [clocks] : [clocks, exporterTable(exporters)]
  if (worries.length === 0) return parts.join('\n\n')
  const looked = table(
    ['LOOK AT', 'ABOUT', 'DETAIL'],
    worries.map(({ what, about, words }) => [what, about, words]),
  )
  return [...parts, looked].join('\n\n')
}

function exporterTable(all: NetworkStatus['exporters']): string {
  return table(
    ['EXPORTER', 'DOMAIN', 'HEARD', 'LOST', 'TEMPLATES', 'TOLD AGO', 'NOT TOLD'],
    all.map(({ name, domain, unit, heard, lost, templates, templateAge, waiting }) => [
      name,
      String(domain),
      `${heard} ${unit}`,
      lost === 0 ? '0' : `${lost} (${((lost * 100) / (heard + lost)).toFixed(1)} %)`,
      String(templates),
      templateAge === undefined ? '-' : formatDuration(Math.floor(templateAge / SECOND) * SECOND),
      waiting.length === 0 ? '-' : waiting.join(', '),
    ]),
  )
}

export function clockOf(offset: number, settled: boolean): string {
  if (Math.abs(offset) < 1000) return 'right'
  const by = `${formatDuration(Math.abs(offset))} ${offset > 0 ? 'behind' : 'ahead'}`
  // Nothing arrives before it happened: it may be less behind, or more ahead.
  return settled ? by : `at ${offset > 0 ? 'most' : 'least'} ${by}, not settled`
}
