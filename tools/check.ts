// `npm run check`: everything that is quick, before every commit. Types, lint, format, dead code, unit tests and the
// architecture test, side by side; prints only what is wrong, and how long each took.

import { spawn } from 'node:child_process'
import { COMPILED } from './run-files.ts'

/** One process each, which runs its share of the files one after the other. A third of its time a process waits. */
const UNIT_TESTS = 3

process.env.NODE_COMPILE_CACHE ??= COMPILED
const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['types', 'tsc', []],
  ['lint', 'oxlint', ['--type-aware', '--quiet']],
  ['format', 'biome', ['format', '--log-level=error']],
  ['dead code', 'knip', ['--no-progress']],
  ...Array.from({ length: UNIT_TESTS }, (_, i) => unitTests(`${i + 1}/${UNIT_TESTS}`)),
]

const results = await Promise.all(steps.map(([name, program, args]) => run(name, program, args)))
for (const { name, ok, seconds, output } of results) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output)
}
process.exitCode = results.every(result => result.ok) ? 0 : 1

function unitTests(share: string): readonly [string, string, readonly string[]] {
  const how = ['--test-force-exit', '--test-reporter=dot']
  return [`unit tests ${share}`, 'node', [...how, 'tools/unit-tests.ts', share]]
}

type Result = { name: string; ok: boolean; seconds: number; output: string }

function run(name: string, program: string, args: readonly string[]): Promise<Result> {
  const began = performance.now()
  return new Promise(resolve => {
    const child = spawn(`node_modules/.bin/${program}`, args)
    let output = ''
    child.stdout.on('data', chunk => (output += chunk))
    child.stderr.on('data', chunk => (output += chunk))
    child.on('close', code => {
      resolve({ name, ok: code === 0, seconds: (performance.now() - began) / 1000, output })
    })
  })
}
