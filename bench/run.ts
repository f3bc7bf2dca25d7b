// `npm run bench [-- NAME…] [--json FILE] [--against REVISION]`: ours beside a peer, in one run; and what a unit of work costs ours in
// processor time, beside another commit of it (by default where this branch began, or the commit before). With `--against` only that.

import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { notAllowed, notAllowedLine } from '../tools/allowed-skips.ts'
import { provideDebian } from '../tools/debian.ts'
import { checkOut, type Commit } from './commit.ts'
import type { Other } from './cpu.ts'
import { benchNetworkCpu } from './cpu-network.ts'
import { benchJudgeCpu, benchPolicyCpu, benchReadingCpu, benchSmtpCpu } from './cpu-servers.ts'
import { benchJudge } from './judge.ts'
import { benchAccess } from './access.ts'
import { benchConnections } from './idle.ts'
import { benchAcceptance, benchTaking } from './smtp.ts'
import { benchIsolation } from './isolation.ts'
import { benchEpisodes } from './episodes.ts'
import { benchFlows } from './flows.ts'
import { benchList } from './list.ts'
import { benchNetwork, benchWho } from './network.ts'
import { benchRouter } from './router.ts'
import { benchPolicy } from './policy.ts'
import { benchQueue } from './queue.ts'
import { benchSubmission } from './submission.ts'
import type { Row } from './pairs.ts'
import { type Absent, runBench } from './run-bench.ts'

const BENCHES: Readonly<Record<string, () => Promise<Row[]>>> = {
  judge: () => benchJudge(),
  episodes: benchEpisodes,
  acceptance: benchAcceptance,
  taking: benchTaking,
  submission: benchSubmission,
  connections: benchConnections,
  access: benchAccess,
  queue: benchQueue,
  policy: benchPolicy,
  accounting: benchNetwork,
  who: benchWho,
  router: benchRouter,
  isolation: benchIsolation,
  flows: benchFlows,
  list: benchList,
}
/** Beside another commit. */
const PAIRED: Readonly<Record<string, (other: Other) => Promise<Row[]>>> = {
  'smtp-cpu': benchSmtpCpu,
  'policy-cpu': benchPolicyCpu,
  'judge-cpu': benchJudgeCpu,
  'reading-cpu': benchReadingCpu,
  'network-cpu': benchNetworkCpu,
}
/** Ours against a target, or beside Node alone: no other program is needed. */
const WITHOUT_PEERS = ['judge', 'episodes', 'accounting', 'who', 'flows']
/** Several under one name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  smtp: ['taking', 'submission', 'queue', 'smtp-cpu'],
  policy: ['policy', 'policy-cpu'],
  judge: ['judge', 'judge-cpu'],
  cpu: Object.keys(PAIRED),
  network: ['flows', 'accounting', 'who', 'router', 'isolation', 'network-cpu'],
}
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    against: { type: 'string' },
    help: { type: 'boolean', default: false },
    // For ourselves: one bench in a process of its own, so that its memory is its own; its rows go to the parent as JSON.
    one: { type: 'string' },
    name: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
  },
})
if (values.one !== undefined) {
  const { name, folder } = values
  const rows = (await BENCHES[values.one]?.()) ?? (await PAIRED[values.one]?.({ name, folder }))
  console.log(`ROWS ${JSON.stringify(rows)}`)
  process.exit(0)
}

if (values.help) {
  console.log(`npm run bench [-- NAME…] [--json FILE] [--against REVISION]

Ours beside other programs, and what a unit of work costs beside another commit (with --against only that).
Without a name all of them, which takes hours.

names   ${[...Object.keys(BENCHES), ...Object.keys(PAIRED)].join(', ')}
groups  ${Object.keys(GROUPS).join(', ')}`)
  process.exit(0)
}

const names = namesOf(positionals)
console.log(`${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`)
let other: Commit | undefined
process.on('exit', () => other?.remove())
// The peers, and what loads them. Better now than after an hour.
const missing = names.every(name => name in PAIRED || WITHOUT_PEERS.includes(name))
  ? ''
  : provideDebian()
if (missing !== '') {
  console.error(
    `${missing}\nThe benches that need none of them: ${[...WITHOUT_PEERS, 'cpu'].join(', ')}.`,
  )
  process.exit(1)
}
const rows: Row[] = []
/** Peers that are not there, and which bench would have needed them. */
const absent: Absent[] = []
for (const name of names) {
  console.log(name)
  if (name in PAIRED) other ??= checkedOut()
  const words = ['--expose-gc', import.meta.filename, '--one', name, ...against()]
  const ran = await runBench({ name, words })
  if (!ran) process.exit(1)
  rows.push(...ran.rows)
  absent.push(...ran.absent)
}
for (const row of rows) console.log(summary(row))
for (const { bench, what, why } of absent) console.log(`absent  ${bench}: ${what} ${why}`)
const missed = notAllowed(absent, process.env)
for (const one of missed) console.log(notAllowedLine(one))
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
process.exit(rows.every(row => row.met) && missed.length === 0 ? 0 : 1)

function namesOf(given: readonly string[]): readonly string[] {
  const all = [...Object.keys(BENCHES), ...Object.keys(PAIRED)]
  const asked = (given.length > 0 ? given : all).flatMap(name => GROUPS[name] ?? [name])
  const unknown = asked.find(name => !all.includes(name))
  if (unknown !== undefined) {
    console.error(
      `There is no bench "${unknown}". There are: ${[...new Set([...all, ...Object.keys(GROUPS)])].join(', ')}.`,
    )
    process.exit(2)
  }
  return values.against === undefined ? asked : asked.filter(name => name in PAIRED)
}

function against(): string[] {
  return other ? ['--name', other.name, '--folder', other.folder] : []
}

function checkedOut(): Commit {
  try {
    return checkOut(values.against)
  } catch (error) {
    console.error((error as Error).message)
    return process.exit(1)
  }
}

function summary({ met, name, ratio, ours, peerName, target, interval }: Row): string {
  const said = met ? 'met    ' : 'NOT MET'
  if (ratio === null)
    return `${said} ${name}: ${Math.round(ours).toLocaleString('en')} (target ${target.toLocaleString('en')})`
  const sure = interval ? `, ${interval.map(one => one.toFixed(3)).join(' to ')}` : ''
  const most = interval ? 'at most ' : ''
  return `${said} ${name}: ${ratio.toFixed(2)} x ${peerName}${sure} (target ${most}${target.toLocaleString('en')} x)`
}
