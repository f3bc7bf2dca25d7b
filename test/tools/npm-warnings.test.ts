// .npmrc shows only npm's errors, because npm may run under a Node that some packages do not want and that never runs them. So that no other
// warning is hidden by it, npm is asked here under our own Node, with all its warnings: there are none.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

/** What npm would warn of if it installed this folder; it asks nobody. */
function warnings(folder: string): string[] {
  const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()
  const words = ['ci', '--dry-run', '--offline', '--loglevel=warn']
  const { status, stderr } = spawnSync(process.execPath, [realpathSync(npm), ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return stderr.split('\n').filter(line => line.startsWith('npm warn'))
}

/** package.json and its lock, in a folder of their own. */
function copied(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-npm-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(import.meta.dirname, '../..', file), join(folder, file))
  return folder
}

test('npm ci has nothing to warn of', t => {
  assert.deepEqual(warnings(copied(t)), [])
})

test('it would be seen', t => {
  const lock = join(copied(t), 'package-lock.json')
  const changed = readFileSync(lock, 'utf8').replace(/"node": "[^"]*"/g, '"node": ">=99"')
  writeFileSync(lock, changed)
  assert.match(warnings(join(lock, '..')).join('\n'), /EBADENGINE/)
})
