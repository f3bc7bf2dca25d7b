// What `cordon --version` costs beside a Node that does nothing: at most five times its processor time. Of both, in turn; time on the wall is
// the machine's affair, and a median does not hear of one round in which others used the caches.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const CLI = join(import.meta.dirname, 'cordon.ts')
const ROUNDS = 7
const MOST = 5
/** Processor time of a whole process, ms: as it says itself when it ends. */
function cost(...args: readonly string[]): number {
  const said = spawnSync(process.execPath, ['--import', SAYS, ...args], { encoding: 'utf8' })
  const [, micros] = /cpu (\d+)\n?$/.exec(said.stderr) ?? []
  assert.ok(said.status === 0 && micros !== undefined, said.stderr)
  return Number(micros) / 1000
}

const SAYS = `data:text/javascript,${encodeURIComponent(`
  process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    process.stderr.write('cpu ' + (user + system) + '\\n')
  })
`)}`

test('--version takes at most five times the processor time of a Node that does nothing', () => {
  const ratios = Array.from({ length: ROUNDS }, () => {
    const nothing = cost('-e', '0')
    return cost(CLI, '--version') / nothing
  }).toSorted((a, b) => a - b)
  const median = ratios[(ROUNDS - 1) / 2] ?? Infinity
  assert.ok(
    median <= MOST,
    `${median.toFixed(1)} times (${ratios.map(one => one.toFixed(1)).join(' ')})`,
  )
})
