import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fuzzSeed } from '../support/fuzz-seed.ts'

test('a seed comes from the arguments, then from the variable; what is no number is refused', () => {
  const of = (args: readonly string[], variable?: string) => fuzzSeed(7, { args, variable })
  assert.equal(of([]), 7)
  assert.equal(of([], ''), 7)
  assert.equal(of([], '42'), 42)
  assert.equal(of(['--seed', '5'], '42'), 5)
  assert.equal(of(['--seed=6']), 6)
  for (const wrong of ['abc', '1e3', '-1', '1.5', ' 1'])
    assert.throws(() => of([], wrong), /write a whole number/, wrong)
  assert.throws(() => of(['--seed']), /write a whole number/)
})

test('a seed that is written otherwise is refused, and files that are called so are not seeds', () => {
  const of = (args: readonly string[]) => fuzzSeed(7, { args, variable: undefined })
  for (const wrong of ['-seed', '--seeds=5', '--Seed=5', '--seed:5', 'seed=5', 'SEED=5'])
    assert.throws(() => of([wrong]), /is not read: write --seed/, wrong)
  assert.equal(of(['--test', 'test/tools/fuzz-seed.test.ts', '--test-random-seed=5']), 7)
})

test('node --test FILE --seed N runs with that seed', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-seed-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'drawn.test.ts')
  const module = join(import.meta.dirname, '../support/fuzz-seed.ts')
  writeFileSync(
    file,
    `import { fuzzSeed } from ${JSON.stringify(module)}\nconsole.log('drawn from ' + fuzzSeed())\n`,
  )
  const { NODE_TEST_CONTEXT: _inTest, CORDON_FUZZ_SEED: _seed, ...env } = process.env
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder, env }).stdout
  for (const args of [
    ['--test', file, '--seed', '31337'],
    ['--test', file, '--seed=31337'],
    ['--test', '--test-isolation=none', file, '--seed=31337'],
    [file, '--seed', '31337'],
  ])
    assert.match(run(...args), /drawn from 31337\b/, args.join(' '))
  assert.match(run('--test', file, '--seeds=31337'), /--seeds=31337 is not read/)
})
