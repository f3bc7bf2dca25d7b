import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { NotSo } from '../failures.ts'
import { trialConfig } from './trial.ts'
import { mustBeNew, writeConfiguration } from './write-file.ts'

test('a file that is there is never written over: without --force it stays, with it it is kept beside', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-setup-'))
  t.after(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  const file = join(folder, 'etc', 'cordon.yaml')
  assert.equal(writeConfiguration(file, trialConfig(), { force: false }), undefined)
  assert.equal(statSync(file).mode & 0o777, 0o640)
  const other = trialConfig().replace('Example Net', 'Another Net')
  assert.throws(() => writeConfiguration(file, other, { force: false }), NotSo)
  assert.equal(readFileSync(file, 'utf8'), trialConfig())
  const kept = writeConfiguration(file, other, { force: true })
  assert.equal(readFileSync(file, 'utf8'), other)
  assert.equal(readFileSync(kept ?? '', 'utf8'), trialConfig())
  assert.throws(() => writeConfiguration(file, 'hostname: [', { force: true }))
  assert.equal(readFileSync(file, 'utf8'), other)
  assert.equal(readdirSync(join(folder, 'etc')).length, 2)
})

test('a trial that is there already is one to start', () => {
  assert.throws(
    () => mustBeNew(import.meta.filename, 'npx cordon serve starts it. '),
    /is there already\. npx cordon serve starts it\. --force/,
  )
})
