// `npm test` itself: what fails once and not alone is unsteady and said to be; what fails twice is red.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const folder = mkdtempSync(join(tmpdir(), 'cordon-npm-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, body: string): string {
  const path = join(folder, `${name}.test.mjs`)
  writeFileSync(
    path,
    `import { existsSync, writeFileSync } from 'node:fs'\nimport { test } from 'node:test'\n${body}`,
  )
  return path
}

const npmTest = (...files: string[]) => npmTestIn({}, ...files)

async function npmTestIn(
  more: NodeJS.ProcessEnv,
  ...files: string[]
): Promise<{ code: unknown; lines: string[] }> {
  // It is not to take itself for a part of this run, nor to know where this one runs.
  const { NODE_TEST_CONTEXT: _, CI: __, CORDON_ALLOW_SKIP: ___, ...env } = process.env
  const child = spawn(process.execPath, ['tools/test.ts', ...files], { env: { ...env, ...more } })
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stderr.on('data', chunk => (output += chunk))
  const [code] = (await once(child, 'close')) as [unknown]
  return { code, lines: output.trimEnd().split('\n') }
}

const FINE = "test('fine', () => {})\n"
const onlyOnce = (name: string) => {
  const mark = JSON.stringify(join(folder, name))
  return `test('${name}', () => { if (!existsSync(${mark})) { writeFileSync(${mark}, ''); throw new Error('busy') } })\n`
}

test('what fails once is unsteady, and the run is green', async () => {
  const { code, lines } = await npmTest(file('a', FINE), file('b', FINE + onlyOnce('rarely')))
  assert.equal(code, 0, lines.join('\n'))
  assert.match(lines.at(-2) ?? '', /^unsteady: .*b\.test\.mjs: rarely \(/)
  assert.match(lines.at(-1) ?? '', /^3 tests in .*: 3 passed, 0 failed, 1 unsteady, 0 skipped$/)
})

test('what fails twice is red; so is a file that cannot be run', async () => {
  const red = file('c', `${FINE}test('never', () => { throw new Error('always') })\n`)
  const { code, lines } = await npmTest(red, file('d', 'throw new Error("no tests")'))
  assert.equal(code, 1)
  const closing = lines.slice(-3).toSorted((a, b) => a.localeCompare(b))
  assert.match(closing[0] ?? '', /^3 tests in .*: 1 passed, 2 failed, 0 unsteady, 0 skipped$/)
  assert.match(closing[1] ?? '', /^failed: .*c\.test\.mjs: never$/)
  assert.match(closing[2] ?? '', /^failed: .*d\.test\.mjs: the file itself$/)
})

test('nothing wrong, nothing said', async () => {
  const { code, lines } = await npmTest(
    file('e', `${FINE}test('not yet', { skip: true }, () => {})\n`),
  )
  assert.equal(code, 0)
  assert.match(lines.at(-1) ?? '', /^2 tests in .*: 1 passed, 0 failed, 0 unsteady, 1 skipped$/)
  assert.doesNotMatch(lines.join('\n'), /once more/)
})

const LEFT_OUT = `${FINE}test('mounts', { skip: 'run it as root: sudo npm test' }, () => {})\n`

test('what was skipped is named, with the line that would make it run', async () => {
  const { code, lines } = await npmTest(file('f', LEFT_OUT))
  assert.equal(code, 0)
  assert.match(
    lines.at(-2) ?? '',
    /^skipped: .*f\.test\.mjs: mounts: run it as root: sudo npm test$/,
  )
})

test('in CI what was skipped is a failure, unless it is named there', async () => {
  const path = file('g', LEFT_OUT)
  const red = await npmTestIn({ CI: 'true' }, path)
  assert.equal(red.code, 1)
  const named = /^failed: (.*g\.test\.mjs) was skipped, .*CORDON_ALLOW_SKIP=/m.exec(
    red.lines.join('\n'),
  )?.[1]
  assert.ok(named, red.lines.join('\n'))
  const CORDON_ALLOW_SKIP = `test/other.test.ts, ${named}`
  assert.equal((await npmTestIn({ CI: 'true', CORDON_ALLOW_SKIP }, path)).code, 0)
  // And so is its folder, but not half a name.
  assert.equal(
    (await npmTestIn({ CI: 'true', CORDON_ALLOW_SKIP: named.replace(/\/[^/]*$/, '/') }, path)).code,
    0,
  )
  const half = { CI: 'true', CORDON_ALLOW_SKIP: named.slice(0, -4) }
  assert.equal((await npmTestIn(half, path)).code, 1)
})
