// `cordon who-spams` beside Debian's pflogsumm on one log, in one run: CPU for each line, and memory. The log is of the town of
// test/support/postfix-town.ts, `--megabytes 100` of it.

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { postfixLines, townMail } from '../test/support/postfix-town.ts'

const { values } = parseArgs({ options: { megabytes: { type: 'string', default: '100' } } })
const folder = mkdtempSync(join(tmpdir(), 'cordon-bench-log-'))
const log = join(folder, 'mail.log')
const file = openSync(log, 'w')
let lines = 0
for (let seed = 1; statSync(log).size < Number(values.megabytes) * 1_000_000; seed++) {
  const part = postfixLines(townMail({ people: 500, days: 7, seed }), seed * 50_000)
  // One week after the other.
  const later = (line: string) =>
    `${new Date(new Date(line.slice(0, 24)).getTime() + (seed - 400) * 7 * 86_400_000).toISOString()}${line.slice(24)}`
  writeSync(file, `${part.map(later).join('\n')}\n`)
  lines += part.length
}
closeSync(file)

/** Seconds of CPU, and MiB at most. */
function measured(name: string, command: readonly string[]) {
  const done = spawnSync('/usr/bin/time', ['-f', '%U %S %M', ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const [user = 0, system = 0, most = 0] = (done.stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number)
  const cpu = user + system
  console.log(
    `${name}: ${cpu.toFixed(2)} s of CPU, ${((cpu / lines) * 1e6).toFixed(2)} µs a line, ${Math.round(most / 1024)} MiB at most, exit code ${done.status}`,
  )
  return cpu
}

console.log(`${lines.toLocaleString('en')} lines, ${(statSync(log).size / 1e6).toFixed(0)} MB`)
const cli = join(import.meta.dirname, '../src/cli/cordon.ts')
const ours = measured('cordon who-spams', [process.execPath, cli, 'who-spams', '--json', log])
const theirs = measured('pflogsumm', ['pflogsumm', log])
console.log(`ratio to pflogsumm: ${(ours / theirs).toFixed(2)} of its CPU`)
rmSync(folder, { recursive: true })
