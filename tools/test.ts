// `npm test`: everything. First the Debian packages the tests need, then what `npm run check` does, then every test that
// crosses folders. Ends with the plain count.

import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { provideDebian } from './debian.ts'

const missing = provideDebian()
if (missing !== '') {
  console.error(missing)
  process.exit(1)
}
const check = spawnSync(process.execPath, ['tools/check.ts'], { stdio: 'inherit' })
const root = process.getuid?.() === 0
const files = globSync('test/**/*.test.ts').filter(
  file => file !== 'test/architecture.test.ts' && (root || !file.startsWith('test/lab/')),
)
if (!root) console.log('test/lab is left out: run it as root, it makes network namespaces')
const tests = spawnSync(
  process.execPath,
  // A test that fails while a program of its own still runs must not keep everything waiting for that program.
  ['--test', '--test-concurrency=2', '--test-force-exit', '--test-reporter=spec', ...files],
  { stdio: 'inherit' },
)
process.exit(check.status === 0 && tests.status === 0 ? 0 : 1)
