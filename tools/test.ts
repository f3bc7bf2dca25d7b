// `npm test [-- FILE…]`: everything. First the Debian packages the tests need, then what `npm run check` does, then every test
// that crosses folders. With files only those tests. A file that fails is run once more, alone; ends with the plain count.

import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { provideDebian } from './debian.ts'
import { runFiles, type Ran } from './run-files.ts'

/** Where so many files fail, it is not the machine's doing, and doing it all again tells nothing more. */
const MOST_AGAIN = 8

/** What takes longest begins first, so that it does not run alone at the end. The others as they come. */
const LONG = [
  'test/scenarios/town.test.ts',
  'test/lab/nftables.test.ts',
  'test/lab/rollout.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/crash-everywhere.test.ts',
  'test/e2e/radius.test.ts',
  'test/e2e/radius-coa.test.ts',
  'test/lab/turned-round.test.ts',
  'test/scenarios/bounds.test.ts',
]

const given = process.argv.slice(2)
const checked = given.length > 0 || provided()
const began = performance.now()
const first = await runFiles(given.length > 0 ? given : everything())
const again = await alone([...first.failed.keys()])
process.exit(conclude() && checked ? 0 : 1)

function provided(): boolean {
  const missing = provideDebian()
  if (missing !== '') {
    console.error(missing)
    process.exit(1)
  }
  return spawnSync(process.execPath, ['tools/check.ts'], { stdio: 'inherit' }).status === 0
}

function everything(): string[] {
  const root = process.getuid?.() === 0
  if (!root) console.log('test/lab is left out: run it as root, it makes network namespaces')
  const files = globSync('test/**/*.test.ts').filter(
    file => file !== 'test/architecture.test.ts' && (root || !file.startsWith('test/lab/')),
  )
  return [
    ...LONG.filter(file => files.includes(file)),
    ...files.filter(file => !LONG.includes(file)),
  ]
}

/** Each of them once more, with the machine to itself as far as we can say. */
async function alone(files: readonly string[]): Promise<ReadonlyMap<string, Ran>> {
  const ran = new Map<string, Ran>()
  if (files.length > MOST_AGAIN) {
    console.log(`\n${files.length} files failed; none of them is run again`)
    return ran
  }
  for (const file of files) {
    console.log(`\n${file} failed; once more, alone:`)
    ran.set(file, await runFiles([file]))
  }
  return ran
}

/** The closing lines; true when nothing failed, or nothing did the second time. */
function conclude(): boolean {
  let red = 0
  let unsteady = 0
  console.log('')
  for (const [file, names] of first.failed) {
    const second = again.get(file)
    const still = second ? [...second.failed.values()].flat() : names
    red += still.length
    for (const name of still) console.log(`failed: ${file}: ${name}`)
    for (const name of names.filter(one => !still.includes(one))) {
      unsteady++
      console.log(`unsteady: ${file}: ${name} (failed beside the others, passed alone)`)
    }
  }
  const { tests, skipped } = first
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const said = [`${red} failed`, `${unsteady} unsteady`, `${skipped} skipped`].join(', ')
  console.log(`${tests} tests in ${minutes} minutes: ${tests - red - skipped} passed, ${said}`)
  return red === 0 && (first.success || first.failed.size > 0)
}
