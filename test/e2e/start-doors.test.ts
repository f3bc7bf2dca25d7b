// Both doors of the process, `cordon serve` and `npm start`, with the n-th part broken at its start, for every n; and with a part that hangs
// at its end. The faults are built into src/app/scope.ts. What test/e2e/start.test.ts and test/e2e/stop.test.ts see of
// handles and other parts from inside, this one sees from outside: sentence, exit code, and no program and no lock left.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { heldFolder } from '../../src/app/data-folder.ts'
import { buildProgram } from '../../tools/build.ts'
import { CONFIGURATIONS, everythingAsWritten, inFolder } from '../support/every-part.ts'
import { seedKeys } from '../support/own-keys-seed.ts'
import { cliOf } from '../support/program.ts'
import { eventually } from '../support/serve.ts'
import { watched } from '../support/watched.ts'

type Fault = {
  /** The number of the part that cannot be opened. */
  readonly broken?: number
  /** The name of the part that does not close; it is waited for as long as for any that is late, shortened. */
  readonly hanging?: string
}

/** What src/app/scope.ts is with the faults that the environment names. It says `opens PART` for each. */
const FAULTS = [
  [
    'opening(part)\n',
    `opening(part); console.log('opens ' + part)
     globalThis.opened = (globalThis.opened ?? -1) + 1
     if (globalThis.opened === Number(process.env.BROKEN_PART)) throw new Error('broken by the test')\n`,
  ],
  [
    "'close', close)",
    "'close', () => part === process.env.HANGING_PART ? new Promise(() => undefined) : close())",
  ],
  ['CLOSE_LIMIT = 5000', 'CLOSE_LIMIT = 200'],
] as const

const built = mkdtempSync(join(tmpdir(), 'cordon-faulty-'))
after(() => rmSync(built, { recursive: true, force: true }))
const program = join(built, 'program')
// Built once: it is started dozens of times.
before(() => buildProgram(program, { change: withFaults }))

function withFaults(path: string, source: string): string {
  if (!path.endsWith('/src/app/scope.ts')) return source
  let text = source
  for (const [was, is] of FAULTS) {
    assert.equal(text.split(was).length, 2, `scope.ts has not once: ${was}`)
    text = text.replace(was, () => is)
  }
  return text
}

/** As in test/support/every-part.ts. */
const HOSTNAME = 'hostname: mail.isp.example'

type Door = (folder: string) => readonly string[]

const serving =
  (more: object): Door =>
  folder => {
    const file = join(folder, 'cordon.yaml')
    const config = { ...everythingAsWritten(folder), ...more, log: 'silent' }
    writeFileSync(file, `${JSON.stringify(config)}\n`)
    return ['serve', '--config', file]
  }

const SERVES = Object.entries(CONFIGURATIONS).map(
  ([what, more]) => [`cordon serve, ${what}`, [serving(more), /^ready;/]] as const,
)

/** Parts of `serve` that were broken in an earlier configuration. */
const served = new Set<string>()

const DOORS: Readonly<Record<string, readonly [words: Door, stands: RegExp]>> = {
  ...Object.fromEntries(SERVES),
  'npm start': [folder => ['neighbourhood', '--data', join(folder, 'data')], /^portal /],
}

function run(words: readonly string[], { broken = -1, hanging = '' }: Fault) {
  // A group of its own, to see whether anybody of it is left.
  const child = spawn(process.execPath, [cliOf(program), ...words], {
    detached: true,
    env: { ...process.env, BROKEN_PART: String(broken), HANGING_PART: hanging },
  })
  const { said, ended, until } = watched(child)
  const group = child.pid ?? 0
  return {
    said,
    until,
    ended,
    end: () => void child.kill('SIGTERM'),
    // Its last child may not have been reaped yet.
    nobodyIsLeft: () =>
      eventually(() => {
        try {
          process.kill(-group, 0)
          return undefined
        } catch (error) {
          return (error as NodeJS.ErrnoException).code === 'ESRCH' ? true : undefined
        }
      }),
  }
}

/** The parts of a start that succeeds, as the scope opens them. */
async function partsOf([words, stands]: readonly [Door, RegExp], folder: string) {
  const whole = run(words(folder), {})
  await whole.until(stands)
  whole.end()
  // On a busy machine a part may end late, and is named then; whether it ends in order is not what is asked here.
  const [code, signal] = await whole.ended
  const isLate = whole.said.some(line => line.includes('did not end in order'))
  assert.ok(signal === null && (code === 0 || isLate), whole.said.join('\n'))
  return whole.said.flatMap(line => /^opens (.*)/.exec(line)?.[1] ?? [])
}

for (const [name, door] of Object.entries(DOORS)) {
  test(`${name}: whichever part cannot be opened, one sentence, code 1, and nothing is left`, () =>
    inFolder(async folder => {
      const isServe = name.startsWith('cordon serve')
      const parts = await partsOf(door, folder)
      assert.ok(parts.length >= 18, `only ${parts.length} parts: ${parts.join(', ')}`)
      const broken = async (n: number) => {
        const place = join(folder, String(n))
        mkdirSync(place)
        // Only the first start makes keys, which is half of what a start computes.
        if (isServe) await seedKeys(join(place, 'data'), HOSTNAME)
        const start = run(door[0](place), { broken: n })
        assert.deepEqual(await start.ended, [1, null], start.said.join('\n'))
        const others = start.said.filter(line => !line.startsWith('opens '))
        assert.deepEqual(others, [`cordon: ${parts[n]} cannot be opened: broken by the test.`])
        await start.nobodyIsLeft()
        mkdirSync(join(place, 'data'), { recursive: true })
        heldFolder(join(place, 'data')).giveBack()
      }
      const left = [...parts.keys()].filter(n => !isServe || !served.has(parts[n] ?? ''))
      for (const part of isServe ? parts : []) served.add(part)
      // Two at a time.
      for (let n = 0; n < left.length; n += 2) await Promise.all(left.slice(n, n + 2).map(broken))
    }))

  test(`${name}: a part that does not close is named, code 1, and nothing is left`, () =>
    inFolder(async folder => {
      const stop = run(door[0](folder), { hanging: 'spool' })
      await stop.until(door[1])
      stop.end()
      assert.deepEqual(await stop.ended, [1, null], stop.said.join('\n'))
      assert.ok(stop.said.includes('cordon: did not end in order: spool.'), stop.said.join('\n'))
      await stop.nobodyIsLeft()
      heldFolder(join(folder, 'data')).giveBack()
    }))
}
