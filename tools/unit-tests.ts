// One share of the unit tests, in one process: `node --test tools/unit-tests.ts 1/3` runs a third of the files. A process for each file would
// be twice the work, and so is node:test's own `--test-isolation=none`, which tells node:test of every promise (test/support/light-runner.ts).

import '../test/support/light-runner.ts'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { HOUSE_TESTS } from './house-tests.ts'

const [share = 1, shares = 1] = (process.argv[2] ?? '1/1').split('/').map(Number)
const files = [...globSync('src/**/*.test.ts').toSorted(), ...HOUSE_TESTS].filter(
  (_, i) => i % shares === share - 1,
)

// A test begins as soon as it is said, and while its neighbours are still being read it stands still for seconds: none begins before all are read.
const read = Promise.withResolvers<void>()
void test('every file of tests is read', () => read.promise)
for (const file of files) await import(resolve(file))
read.resolve()
