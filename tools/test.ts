// `npm test [-- FILE…]`: everything. First the Debian packages the tests need, then what `npm run check` does, then every test
// that crosses folders, and those that use stores once more with slow ones. With files only those tests, once. A file that fails is run
// once more, alone; what could not be run is named. Ends with the plain count.

import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { notAllowed, notAllowedLine, type Skipped, skippedLine } from './allowed-skips.ts'
import { builtForTests } from './built-for-tests.ts'
import { provideDebian } from './debian.ts'
import { HOUSE_TESTS } from './house-tests.ts'
import { runFiles, type Ran } from './run-files.ts'
import { SLOW, slowPass, turnOf } from './slow-pass.ts'

/** Where so many files fail, it is not the machine's doing, and doing it all again tells nothing more. */
const MOST_AGAIN = 8

/** So many files that took longest are named. */
const LONGEST = 10

/** What takes longest begins first, so that it does not run alone at the end. The others as they come. */
const LONG = [
  'test/cost/mail.test.ts',
  'test/lab/cpe.test.ts',
  'test/e2e/postfix-policy-hangs.test.ts',
  'test/e2e/start-doors.test.ts',
  'test/scenarios/town.test.ts',
  'test/lab/nftables.test.ts',
  'test/scenarios/killed-effects.test.ts',
  'test/scenarios/owed-replies.test.ts',
  'test/lab/flows.test.ts',
  'test/lab/who-is-closed.test.ts',
  'test/lab/kea-clean-up.test.ts',
  'test/e2e/radius-proxy.test.ts',
  'test/lab/rollout.test.ts',
  'test/e2e/crash.test.ts',
  'test/e2e/crash-everywhere.test.ts',
  'test/e2e/radius.test.ts',
  'test/e2e/radius-coa.test.ts',
  'test/lab/redirect-25.test.ts',
  'test/e2e/postfix-page.test.ts',
  'test/e2e/large.test.ts',
  'test/e2e/stop.test.ts',
  'test/e2e/start.test.ts',
  'test/e2e/late-orders.test.ts',
  'test/e2e/start-damage.test.ts',
  'test/e2e/start-refused.test.ts',
  'test/scenarios/killed-window.test.ts',
  'test/scenarios/ordinary-mailers.test.ts',
  'test/e2e/operations.test.ts',
  'test/e2e/recipes.test.ts',
  'test/e2e/little-room.test.ts',
  'test/e2e/crowd.test.ts',
  'test/scenarios/who-spams-crowds.test.ts',
  'test/scenarios/bounds.test.ts',
]

/** What cannot be run without being root, and what to say. */
const LAB = 'it makes network namespaces. Run it as root: sudo npm test'

type Pass = {
  /** Said behind the names of what failed. */
  readonly how: string
  readonly first: Ran
  readonly again: ReadonlyMap<string, Ran>
  readonly minutes: number
}

const root = process.getuid?.() === 0
const given = process.argv.slice(2)
const checked = given.length > 0 || provided()
const passes: Pass[] = []
if (given.length > 0) passes.push(await pass('', given))
else {
  const files = everything()
  await builtForTests()
  passes.push(await pass('', files))
  const again = slowPass(files)
  const turn = turnOf(again, process.env['CORDON_SLOW_PASS'] === 'whole' ? undefined : commit())
  console.log(
    `\nOnce more, with slow stores (CORDON_STORES=slow): ${turn.length} of ${again.length} files; CORDON_SLOW_PASS=whole runs all of them.\n`,
  )
  Object.assign(process.env, SLOW)
  passes.push(await pass(', with CORDON_STORES=slow', turn))
}
process.exit(conclude() && checked ? 0 : 1)

/** Undefined where this is no clone. */
function commit(): string | undefined {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

async function pass(how: string, files: readonly string[]): Promise<Pass> {
  const began = performance.now()
  const first = await runFiles(files)
  const again = await alone([...first.failed.keys()])
  return { how, first, again, minutes: (performance.now() - began) / 60_000 }
}

function provided(): boolean {
  const missing = provideDebian()
  if (missing !== '') {
    console.error(missing)
    process.exit(1)
  }
  return spawnSync(process.execPath, ['tools/check.ts'], { stdio: 'inherit' }).status === 0
}

function everything(): string[] {
  const files = globSync('test/**/*.test.ts').filter(
    file => !HOUSE_TESTS.includes(file) && (root || !file.startsWith('test/lab/')),
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

/** The closing lines; true when nothing failed, or nothing did the second time, and nothing was left out that may not be. */
function conclude(): boolean {
  console.log('')
  const skipped: Skipped[] = passes.flatMap(({ first }) => first.skipped)
  if (!root && given.length === 0) skipped.push({ what: 'test/lab', why: LAB })
  // Once for both passes.
  const lines = new Set(skipped.map(skippedLine))
  for (const line of lines) console.log(line)
  const missed = new Set(notAllowed(skipped, process.env).map(notAllowedLine))
  for (const line of missed) console.log(line)
  const good = passes.map(counted)
  return good.every(one => one) && missed.size === 0
}

/** What failed in one pass, and its count. */
function counted({ how, first, again, minutes }: Pass): boolean {
  let red = 0
  let unsteady = 0
  for (const [file, names] of first.failed) {
    const second = again.get(file)
    const still = second ? [...second.failed.values()].flat() : names
    red += still.length
    for (const name of still) console.log(`failed: ${file}: ${name}${how}`)
    for (const name of names.filter(one => !still.includes(one))) {
      unsteady++
      console.log(`unsteady: ${file}: ${name} (failed beside the others, passed alone${how})`)
    }
  }
  const { tests, skipped, success, failed, took, cpu } = first
  const passed = tests - red - skipped.length
  const said = [`${red} failed`, `${unsteady} unsteady`, `${skipped.length} skipped`].join(', ')
  if (took.size > LONGEST) {
    for (const [file, ms] of most(took)) console.log(`${(ms / 1000).toFixed(0)} s: ${file}${how}`)
    for (const [file, s] of most(cpu)) console.log(`${s.toFixed(0)} s of CPU: ${file}${how}`)
    const all = [...cpu.values()].reduce((sum, one) => sum + one, 0)
    console.log(`${(all / 60).toFixed(1)} minutes of CPU in all${how}`)
  }
  console.log(`${tests} tests in ${minutes.toFixed(1)} minutes${how}: ${passed} passed, ${said}`)
  return red === 0 && (success || failed.size > 0)
}

function most(of: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...of].toSorted(([, a], [, b]) => b - a).slice(0, LONGEST)
}
