// `npm run bench [-- NAME…] [--json FILE]`: ours beside a peer, in one run.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { benchJudge } from './judge.ts'
import { benchConnections } from './idle.ts'
import { benchAcceptance, benchTaking } from './smtp.ts'
import { benchIsolation } from './isolation.ts'
import { benchFlows } from './flows.ts'
import { benchNetwork, benchWho } from './network.ts'
import { benchRouter } from './router.ts'
import { benchPolicy } from './policy.ts'
import { benchQueue } from './queue.ts'
import { benchSubmission } from './submission.ts'
import type { Row } from './pairs.ts'

const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  judge: () => benchJudge(),
  acceptance: benchAcceptance,
  taking: benchTaking,
  submission: benchSubmission,
  connections: benchConnections,
  queue: benchQueue,
  policy: benchPolicy,
  accounting: benchNetwork,
  who: benchWho,
  router: benchRouter,
  isolation: benchIsolation,
  flows: benchFlows,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, one: { type: 'string' } },
})
if (values.one !== undefined) {
  // One bench in a process of its own, so that its memory is its own; the rows go to the parent as JSON.
  const rows = await BENCHES[values.one]?.()
  console.log(`ROWS ${JSON.stringify(rows)}`)
  process.exit(0)
}
/** Several under one name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  smtp: ['taking', 'submission', 'queue', 'connections'],
  network: ['flows', 'accounting', 'who', 'router', 'isolation'],
}
const asked = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const names = asked.flatMap(name => GROUPS[name] ?? [name])
console.log(`${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`)
const rows: Row[] = []
for (const name of names) {
  if (!BENCHES[name]) {
    console.error(
      `There is no bench "${name}". There are: ${[...Object.keys(BENCHES), ...Object.keys(GROUPS)].join(', ')}.`,
    )
    process.exit(2)
  }
  console.log(name)
  const run = spawnSync(process.execPath, ['--expose-gc', import.meta.filename, '--one', name], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  const lines = run.stdout.split('\n')
  for (const line of lines) if (line !== '' && !line.startsWith('ROWS ')) console.log(line)
  const answer = lines.find(line => line.startsWith('ROWS '))
  if (run.status !== 0 || !answer) {
    console.error(run.stderr)
    process.exit(1)
  }
  rows.push(...(JSON.parse(answer.slice(5)) as Row[]))
}
for (const row of rows) {
  const figure =
    row.ratio === null
      ? Math.round(row.ours).toLocaleString('en')
      : `${row.ratio.toFixed(2)} x ${row.peerName}`
  console.log(
    `${row.met ? 'met    ' : 'NOT MET'} ${row.name}: ${figure} (target ${row.target.toLocaleString('en')}${row.ratio === null ? '' : ' x'})`,
  )
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exit(rows.every(row => row.met) ? 0 : 1)
