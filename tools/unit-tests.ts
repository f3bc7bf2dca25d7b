// `node tools/unit-tests.ts 1/2`: the first half of the unit tests and house tests, one file after the other in this process: a process for each
// file is half of the work.

import '../test/support/light-runner.ts'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { HOUSE_TESTS } from './house-tests.ts'

const [share = 1, of = 1] = (process.argv[2] ?? '').split('/').map(Number)
const files = [...globSync('src/**/*.test.ts'), ...HOUSE_TESTS]
for (const file of files.filter((_, i) => i % of === share - 1)) await import(resolve(file))
