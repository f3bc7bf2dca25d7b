// docs/evidence.md: the table of evidence, made from what the program believes.

import {
  ANSWERED,
  AUTH_NOVEL_NETWORK,
  BAD_MANNERS,
  type Cell,
  EGRESS,
  MESSAGE,
  TRAFFIC,
  TRAP,
  TRAP_LED,
  UNREADABLE,
  VOLUME_BURST,
} from '../../src/core/detection/evidence-table.ts'
import { nats } from '../../src/core/detection/sum.ts'

export function evidencePage(made: string): string {
  const row = (name: string, cell: Cell) =>
    `| ${name} | ${cell.p0} | ${cell.p1} | ${nats(cell).toFixed(1)} | ${cell.source} |`
  const rows = [
    ...Object.entries(MESSAGE).map(([name, cell]) => row(`message/${name}`, cell)),
    ...Object.entries(ANSWERED).map(([name, cell]) => row(`answer/${name}`, cell)),
    row('auth/novel-network', AUTH_NOVEL_NETWORK),
    row('session/bad-manners', BAD_MANNERS),
    row('volume/burst', VOLUME_BURST),
    row('message/trap', TRAP),
    row('message/trap-led', TRAP_LED),
    row('message/unreadable', UNREADABLE),
    ...TRAFFIC.map(({ sign, count, cell }) => row(`traffic/${sign}-${count}`, cell)),
    ...EGRESS.map(({ fanOut, cell }) => row(`egress/fan-out-${fanOut}`, cell)),
  ]
  return `# The table of evidence

${made}
How often each thing is seen from the 99th-percentile clean subscriber (P0) and from an infected one (P1), and what it says:
ln(P1/P0) in nats, at most 6, never below 0. Sources in brackets are explained at the top of
\`src/core/detection/evidence-table.ts\`. [est] is our estimate: the bounds are tested with it wrong.

| Cell | P0 | P1 | nats | Source |
|---|---|---|---|---|
${rows.join('\n')}
`
}
