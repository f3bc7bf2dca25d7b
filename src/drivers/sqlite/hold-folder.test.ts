import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { holdFolder } from './hold-folder.ts'

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

for (const [what, content] of [
  ['new', undefined],
  ['empty', ''],
  ['full of something else', 'no database '.repeat(500)],
  ['cut short', 'SQLite format 3\0'],
] as const)
  test(`a lock file that is ${what} locks`, t => {
    const folder = temporary(t)
    if (content !== undefined) writeFileSync(join(folder, 'lock.db'), content)
    const giveBack = holdFolder(folder)
    assert.throws(() => holdFolder(folder), /is in use by another Cordon\. Stop that one first/)
    giveBack()
    holdFolder(folder)()
  })

test('of many that find a damaged lock file at once, one gets the folder', async t => {
  const folder = temporary(t)
  writeFileSync(join(folder, 'lock.db'), 'no database '.repeat(500))
  const script = `
    import { holdFolder } from ${JSON.stringify(new URL('hold-folder.ts', import.meta.url).href)}
    process.stdin.once('data', () => {
      try { holdFolder(${JSON.stringify(folder)}); console.log('held') }
      catch (error) { console.log(error.message.includes('another Cordon') ? 'busy' : error.message) }
    })
    process.stdin.once('end', () => process.exit())
    console.log('here')`
  const children = Array.from({ length: 5 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script]),
  )
  await Promise.all(children.map(child => once(child.stdout, 'data')))
  const answers = children.map(async child => String((await once(child.stdout, 'data'))[0]).trim())
  for (const child of children) child.stdin.write('now\n')
  const said = await Promise.all(answers)
  for (const child of children) child.stdin.end()
  await Promise.all(children.map(child => once(child, 'exit')))
  assert.deepEqual(said.toSorted(), ['busy', 'busy', 'busy', 'busy', 'held'])
})

test('a folder in place of the lock file is said as it is', t => {
  const folder = temporary(t)
  mkdirSync(join(folder, 'lock.db'))
  assert.throws(() => holdFolder(folder), /lock\.db is no file; move it away\./)
})

test('a lock file that this user may only read is no lock', async t => {
  const folder = temporary(t)
  writeFileSync(join(folder, 'lock.db'), '')
  chmodSync(join(folder, 'lock.db'), 0o444)
  chmodSync(folder, 0o755)
  const script = `
    import { holdFolder } from ${JSON.stringify(new URL('hold-folder.ts', import.meta.url).href)}
    if (process.getuid() === 0) process.seteuid(65534)
    try { holdFolder(${JSON.stringify(folder)}); console.log('held') }
    catch (error) { console.log(error.message) }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
  const [said] = await once(child.stdout, 'data')
  assert.match(String(said), /lock\.db cannot be/)
})
