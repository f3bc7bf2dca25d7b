// `npm run check`: everything that is quick, before every commit. Types, lint, format, dead code, unit tests and the
// architecture test, side by side; prints only what is wrong, and how long each took.

import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'

const HOUSE = [
  'test/architecture.test.ts',
  'test/documented-ranges.test.ts',
  'test/evidence-cells.test.ts',
  'test/functions.test.ts',
  'test/promises.test.ts',
  'test/settings.test.ts',
  'test/type-names.test.ts',
  'test/words.test.ts',
]
const unit = [...globSync('src/**/*.test.ts'), ...HOUSE]
const steps: readonly (readonly [string, string, readonly string[]])[] = [
  ['types', 'tsc', []],
  ['lint', 'oxlint', ['--type-aware', '--quiet']],
  ['format', 'biome', ['format', '--log-level=error']],
  ['dead code', 'knip', ['--no-progress']],
  ['unit tests', 'node', ['--test', '--test-reporter=dot', ...unit]],
]

const results = await Promise.all(steps.map(([name, program, args]) => run(name, program, args)))
for (const { name, ok, seconds, output } of results) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output)
}
process.exitCode = results.every(result => result.ok) ? 0 : 1

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
