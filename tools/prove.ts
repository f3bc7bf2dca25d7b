// `npm run prove [-- ROW…]`: for the rows of docs/promises.md, breaks the line that keeps the promise, in a copy, and looks whether the test
// that is named there goes red. Without a row all are tried, with `--new` those that do not stand in the table there yet. What was found is
// written into it. Exit code 1 where one stays green.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Mutation } from '../test/mutations/mutation.ts'
import { MUTATIONS } from '../test/mutations/mutations.ts'
import { type Copy, copyOf } from './prove/copy.ts'
import { type Proved, startOf, withTable } from './prove/table.ts'
import type { Outcome } from './prove/tests-run.ts'

const PROMISES = 'docs/promises.md'

const words = process.argv.slice(2)
const onlyNew = words.includes('--new')
const rows = words.filter(word => word !== '--new').map(Number)
const page = readFileSync(PROMISES, 'utf8')
const wanted = MUTATIONS.filter(
  one =>
    (rows.length === 0 || rows.includes(one.row)) &&
    !(onlyNew && page.includes(`\n${startOf(one)}`)),
)
if (rows.some(row => !Number.isInteger(row)) || wanted.length === 0) {
  console.error('Write rows of docs/promises.md that have a mutation: npm run prove -- 10 39')
  process.exit(1)
}

/** Copies, each with work of its own: half of a test's time is starting it. */
const AT_ONCE = 4

const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim()
const proved: Proved[] = []
// Those of one file of tests together: it is run once as it is, and not by every worker.
const left = [...Map.groupBy(wanted, one => one.test).values()]
const copies = Array.from({ length: AT_ONCE }, () => copyOf('.', wanted))
const remove = () => copies.forEach(copy => copy.remove())
process.once('SIGINT', () => {
  remove()
  process.exit(130)
})
try {
  await Promise.all(copies.map(work))
} finally {
  remove()
}

async function work(copy: Copy): Promise<void> {
  for (let next = left.shift(); next; next = left.shift())
    for (const mutation of next) {
      const outcome = await copy.prove(mutation)
      proved.push({ mutation, outcome })
      console.log(lineOf(mutation, outcome))
    }
}

const made = withTable(readFileSync(PROMISES, 'utf8'), proved, {
  on: new Date().toISOString().slice(0, 10),
  commit,
  all: MUTATIONS,
})
writeFileSync(PROMISES, made)
const count = (kind: Outcome['kind']) =>
  proved.filter(({ outcome }) => outcome.kind === kind).length
console.log(
  `${proved.length} mutations: ${count('red')} red, ${count('green')} green, ${count('broken')} broken, ${count('not-run')} not run`,
)
process.exitCode = count('green') + count('broken') > 0 ? 1 : 0

function lineOf({ row, what, test }: Mutation, outcome: Outcome): string {
  const said = `row ${row}: ${what} (${test})`
  switch (outcome.kind) {
    case 'red':
      return `red     ${said}`
    case 'green':
      return `GREEN   ${said}: not proved`
    case 'broken':
      return `BROKEN  ${said}: ${outcome.why}`
    case 'not-run':
      return `not run ${said}: ${outcome.why}`
    default:
      return outcome satisfies never
  }
}
